// orders, with the official client for Go and its package jetstream.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	attempt  = 200 * time.Millisecond
	retrying = 15 * time.Second
	pause    = 50 * time.Millisecond
)

type order struct {
	ID       *string `json:"id"`
	SKU      string  `json:"sku"`
	Quantity int     `json:"quantity"`
}

func create(ctx context.Context, js jetstream.JetStream) error {
	_, err := js.CreateStream(ctx, jetstream.StreamConfig{
		Name: "orders", Subjects: []string{"orders.>"},
		Storage: jetstream.FileStorage, Replicas: 3})
	return err
}

// Tries until the stream has answered, or the time is up, or a signal came.
func store(ctx context.Context, js jetstream.JetStream, subject, id string,
	data []byte) (*jetstream.PubAck, error) {
	for end := time.Now().Add(retrying); ; time.Sleep(pause) {
		once, cancel := context.WithTimeout(ctx, attempt)
		ack, err := js.Publish(once, subject, data, jetstream.WithMsgID(id),
			jetstream.WithRetryAttempts(0))
		cancel()
		if err == nil || ctx.Err() != nil || time.Now().After(end) {
			return ack, err
		}
	}
}

func publish(ctx context.Context, js jetstream.JetStream, franchise, sku string,
	count int) error {
	for i := 1; i <= count; i++ {
		id := fmt.Sprintf("%s.%s.%d", franchise, sku, i)
		data, _ := json.Marshal(order{&id, sku, 1})
		ack, err := store(ctx, js, "orders."+franchise+"."+sku, id, data)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		word := "stored"
		if ack.Duplicate {
			word = "duplicate"
		}
		fmt.Println(word, id)
	}
	return nil
}

func processOrder(msg jetstream.Msg) error {
	var it order
	if json.Unmarshal(msg.Data(), &it) != nil || it.ID == nil {
		fmt.Fprintf(os.Stderr, "orders: no order: %q\n", msg.Data())
		return msg.Term()
	}
	fmt.Println(*it.ID)
	return msg.DoubleAck(context.Background())
}

func process(ctx context.Context, js jetstream.JetStream, franchise, sku string,
	batch int) error {
	consumer, err := js.CreateOrUpdateConsumer(ctx, "orders",
		jetstream.ConsumerConfig{Durable: franchise + "_" + sku + "_processor",
			FilterSubject: "orders." + franchise + "." + sku,
			AckPolicy:     jetstream.AckExplicitPolicy, AckWait: 5 * time.Second})
	for err == nil && ctx.Err() == nil {
		var info *jetstream.ConsumerInfo
		info, err = consumer.Info(context.Background())
		if err != nil || info.NumPending == 0 && info.NumAckPending == 0 {
			return err
		}
		var messages jetstream.MessageBatch
		messages, err = consumer.Fetch(batch, jetstream.FetchMaxWait(attempt))
		if err != nil {
			return err
		}
		for msg := range messages.Messages() {
			if err == nil {
				err = processOrder(msg)
			}
		}
	}
	return err
}

func isWord(text string) bool {
	return text != "" && !strings.ContainsAny(text, ".*>/\\\" \t\n\v\f\r")
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: orders create | publish FRANCHISE SKU COUNT"+
		" | process FRANCHISE SKU [BATCH]")
	os.Exit(2)
}

// What the arguments ask for.
func work() func(context.Context, jetstream.JetStream) error {
	words := os.Args[1:]
	if len(words) == 1 && words[0] == "create" {
		return create
	}
	if len(words) == 3 && words[0] == "process" {
		words = append(words, "10")
	}
	if len(words) != 4 || !isWord(words[1]) || !isWord(words[2]) {
		usage()
	}
	number, err := strconv.Atoi(words[3])
	if err != nil || number < 1 {
		usage()
	}
	do, ok := map[string]func(context.Context, jetstream.JetStream, string,
		string, int) error{"publish": publish, "process": process}[words[0]]
	if !ok {
		usage()
	}
	return func(ctx context.Context, js jetstream.JetStream) error {
		return do(ctx, js, words[1], words[2], number)
	}
}

func main() {
	log.SetFlags(0)
	do := work()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt,
		syscall.SIGTERM)
	defer stop()
	nc, err := nats.Connect(os.Getenv("NATS_URL"))
	if err != nil {
		log.Fatal("orders: ", err)
	}
	js, err := jetstream.New(nc)
	if err == nil {
		err = do(ctx, js)
	}
	nc.Close()
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal("orders: ", err)
	}
}
