// lottery NAME, with the official client for Go: github.com/nats-io/nats.go
package main

import (
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/nats-io/nats.go"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] == "" {
		println("usage: lottery NAME")
		os.Exit(2)
	}
	name := os.Args[1]

	// Before it connects: whoever can be asked can be stopped, too.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)

	// The whole list, as NATS_URL has it, logins included.
	closed := make(chan struct{})
	nc, err := nats.Connect(os.Getenv("NATS_URL"),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		log.Fatal(err) // exits with status 1
	}

	_, err = nc.QueueSubscribe("room.lottery", "lottery", func(msg *nats.Msg) {
		if msg.Reply != "" {
			msg.Respond([]byte(name))
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := nc.Flush(); err != nil { // the server knows
		log.Fatal(err)
	}
	println(name, "plays")

	<-stop
	if err := nc.Drain(); err != nil { // begins; closes when all is answered
		log.Fatal(err)
	}
	<-closed
}
