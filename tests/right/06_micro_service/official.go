// favorites OWNER FILE, with the official client for Go and its micro package.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"sort"
	"strings"
	"syscall"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
)

func fail(err error) {
	fmt.Fprintln(os.Stderr, "favorites:", err)
	os.Exit(1)
}

func read(file string) map[string]string {
	text, err := os.ReadFile(file)
	if err != nil {
		fail(err)
	}
	favorites := map[string]string(nil)
	if err := json.Unmarshal(text, &favorites); err != nil {
		fail(err)
	}
	if favorites == nil { // null
		fail(fmt.Errorf("%s: no object", file))
	}
	return favorites
}

func keys(favorites map[string]string) []string {
	list := []string{}
	for key := range favorites {
		list = append(list, key)
	}
	sort.Strings(list)
	return list
}

func main() {
	if len(os.Args) != 3 || os.Args[1] == "" ||
		strings.ContainsAny(os.Args[1], ".*> \t\r\n\v\f") {
		fmt.Fprintln(os.Stderr, "usage: favorites OWNER FILE")
		os.Exit(2)
	}
	owner, favorites := os.Args[1], read(os.Args[2])
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)

	closed := make(chan struct{})
	nc, err := nats.Connect(os.Getenv("NATS_URL"),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		fail(err)
	}
	service, err := micro.AddService(nc, micro.Config{
		Name: "favorites", Version: "0.0.1", Description: "what I like",
		Metadata: map[string]string{"owner": owner}})
	if err != nil {
		fail(err)
	}
	group := service.AddGroup("room.favorites." + owner)
	about := func(text string) micro.EndpointOpt {
		return micro.WithEndpointMetadata(map[string]string{"description": text})
	}
	err = group.AddEndpoint("list", micro.HandlerFunc(func(req micro.Request) {
		req.RespondJSON(keys(favorites))
	}), about("all keys"))
	if err != nil {
		fail(err)
	}
	err = group.AddEndpoint("get", micro.HandlerFunc(func(req micro.Request) {
		if value, ok := favorites[string(req.Data())]; ok {
			req.Respond([]byte(value))
		} else {
			req.Error("404", "not found: "+string(req.Data()), nil)
		}
	}), about("one value"))
	if err != nil {
		fail(err)
	}

	<-stop
	service.Stop()
	if err := nc.Drain(); err != nil {
		fail(err)
	}
	<-closed
}
