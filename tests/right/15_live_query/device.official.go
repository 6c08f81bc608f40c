// device, with the official client for Go: one handler for both subjects.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"unicode"

	"github.com/nats-io/nats.go"
)

type object = map[string]any

func fail(status int, why any) {
	fmt.Fprintln(os.Stderr, "device:", why)
	os.Exit(status)
}

func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".*>", r)
	})
}

func factsOf(words []string) (object, bool) {
	if len(words)%2 == 0 || !isToken(words[0]) {
		return nil, false
	}
	facts := object{"id": words[0]}
	for i := 1; i < len(words); i += 2 {
		key, text, isSetting := strings.Cut(words[i+1], "=")
		switch {
		case words[i] == "--set" && isSetting:
			var value any = text
			if json.Unmarshal([]byte(text), &value) != nil {
				value = text
			}
			facts[key] = value
		case (words[i] == "--group" || words[i] == "--region") && isToken(words[i+1]):
			facts[words[i][2:]] = words[i+1]
		default:
			return nil, false
		}
	}
	return facts, facts["group"] != nil && facts["region"] != nil
}

func matches(fact, wanted any) bool {
	facts, ok := fact.(object)
	keys, also := wanted.(object)
	if !ok || !also {
		return reflect.DeepEqual(fact, wanted)
	}
	for key, value := range keys {
		if fact, there := facts[key]; !there || !matches(fact, value) {
			return false
		}
	}
	return true
}

func reply(msg *nats.Msg, answer object) bool {
	text, err := json.Marshal(answer)
	return err == nil && msg.Reply != "" && msg.Respond(text) == nil
}

type device struct {
	sync.Mutex
	facts            object
	queries, answers int
}

func filterOf(msg *nats.Msg) (object, bool) {
	wanted := object{}
	if len(msg.Data) == 0 {
		return wanted, true
	}
	if err := json.Unmarshal(msg.Data, &wanted); err == nil && wanted != nil {
		return wanted, true
	}
	shown := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, string(msg.Data))
	fmt.Fprintln(os.Stderr, "device: no filter:", shown)
	return nil, false
}

func (d *device) handle(msg *nats.Msg) {
	d.Lock()
	defer d.Unlock()
	if msg.Subject != "fleet.query" {
		reply(msg, object{"id": d.facts["id"], "queries": d.queries, "answers": d.answers})
		return
	}
	d.queries++
	wanted, ok := filterOf(msg)
	if ok && matches(d.facts, wanted) && reply(msg, d.facts) {
		d.answers++
	}
}

func main() {
	facts, ok := factsOf(os.Args[1:])
	if !ok {
		fail(2, "usage: device ID --group GROUP --region REGION [--set KEY=VALUE]...")
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	closed := make(chan struct{})
	nc, err := nats.Connect(os.Getenv("NATS_URL"),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		fail(1, err)
	}
	d := &device{facts: facts}
	for _, subject := range []string{"fleet.query",
		fmt.Sprintf("fleet.stats.%s.%s", facts["group"], facts["region"])} {
		if _, err := nc.Subscribe(subject, d.handle); err != nil {
			fail(1, err)
		}
	}
	if err := nc.Flush(); err != nil {
		fail(1, err)
	}
	fmt.Println(facts["id"], "is online")
	<-stop
	if err := nc.Drain(); err != nil {
		fail(1, err)
	}
	<-closed
}
