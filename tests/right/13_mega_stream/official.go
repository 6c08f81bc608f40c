// mega, with the official client for Go and its package jetstream.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const mega = "global_orders"

// The island's stream is asked for by its domain; the same text is the source's.
func add(ctx context.Context, nc *nats.Conn, js jetstream.JetStream,
	domain string) error {
	island, err := jetstream.NewWithDomain(nc, domain)
	if err != nil {
		return err
	}
	if _, err = island.Stream(ctx, "orders"); err != nil {
		return err
	}
	source := &jetstream.StreamSource{Name: "orders", Domain: domain}
	config := jetstream.StreamConfig{Name: mega, Replicas: 3,
		Storage: jetstream.FileStorage,
		Sources: []*jetstream.StreamSource{source}}
	stream, err := js.Stream(ctx, mega)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = js.CreateStream(ctx, config)
		return err
	}
	if err != nil {
		return err
	}
	config = stream.CachedInfo().Config
	config.Sources = append(slices.Clone(config.Sources), source)
	_, err = js.UpdateStream(ctx, config)
	return err
}

func list(ctx context.Context, js jetstream.JetStream) error {
	stream, err := js.Stream(ctx, mega)
	if err != nil {
		return err
	}
	for _, source := range stream.CachedInfo().Sources {
		domain := "-"
		if source.External != nil {
			domain = strings.TrimSuffix(strings.TrimPrefix(
				source.External.APIPrefix, "$JS."), ".API")
		}
		active := "never active"
		if source.Active >= 0 {
			active = fmt.Sprintf("active %d ms ago", source.Active.Milliseconds())
		}
		fmt.Printf("%s: lag %d, %s\n", domain, source.Lag, active)
	}
	return nil
}

func main() {
	log.SetFlags(0)
	words := os.Args[1:]
	adding := len(words) == 2 && words[0] == "add" && words[1] != "" &&
		!strings.ContainsAny(words[1], ".*> \t\n\v\f\r")
	if !adding && (len(words) != 1 || words[0] != "list") {
		fmt.Fprintln(os.Stderr, "usage: mega add DOMAIN | mega list")
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	nc, err := nats.Connect(os.Getenv("NATS_URL"))
	if err != nil {
		log.Fatal("mega: ", err)
	}
	js, err := jetstream.New(nc)
	if err == nil && adding {
		err = add(ctx, nc, js, words[1])
	} else if err == nil {
		err = list(ctx, js)
	}
	nc.Close()
	if err != nil {
		log.Fatal("mega: ", err)
	}
}
