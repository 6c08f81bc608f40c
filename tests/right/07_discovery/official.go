// who, with the official client for Go: callbacks and channels.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nats-io/nats.go"
)

const quiet = 300 * time.Millisecond

func fail(err error) {
	fmt.Fprintln(os.Stderr, "who:", err)
	os.Exit(1)
}

func shown(text []byte) string {
	var out strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if (r == utf8.RuneError && size == 1) || unicode.IsControl(r) {
			r = '?'
		}
		out.WriteRune(r)
		text = text[size:]
	}
	return out.String()
}

type object = map[string]any

func value(o any, name string) string {
	if fields, ok := o.(object); ok {
		if text, ok := fields[name].(string); ok && text != "" {
			return shown([]byte(text))
		}
	}
	return "-"
}

func number(o any, name string) float64 {
	fields, _ := o.(object)
	n, _ := fields[name].(float64)
	return n
}

func endpoints(service object) []any {
	list, _ := service["endpoints"].([]any)
	return list
}

// Replies to one request, until it is quiet.
func gather(nc *nats.Conn, subject string) []object {
	replies := make(chan *nats.Msg, 4096)
	inbox := nc.NewInbox()
	if _, err := nc.ChanSubscribe(inbox, replies); err != nil {
		fail(err)
	}
	if err := nc.PublishRequest(subject, inbox, nil); err != nil {
		fail(err)
	}
	var services []object
	for {
		select {
		case msg := <-replies:
			if msg.Header.Get("Status") == "503" {
				return services
			}
			var service object
			if json.Unmarshal(msg.Data, &service) != nil || service == nil {
				fmt.Fprintln(os.Stderr, "who: not JSON:", shown(msg.Data))
				continue
			}
			services = append(services, service)
		case <-time.After(quiet):
			return services
		}
	}
}

func list(nc *nats.Conn) (rows []string) {
	for _, s := range gather(nc, "$SRV.INFO") {
		var names []string
		for _, e := range endpoints(s) {
			names = append(names, value(e, "name"))
		}
		if names == nil {
			names = []string{"-"}
		}
		rows = append(rows, strings.Join([]string{value(s["metadata"], "owner"),
			value(s, "name"), value(s, "version"), value(s, "id"),
			strings.Join(names, ",")}, "\t"))
	}
	return rows
}

func statistics(nc *nats.Conn) (rows []string) {
	for _, s := range gather(nc, "$SRV.STATS") {
		for _, e := range endpoints(s) {
			rows = append(rows, fmt.Sprintf("%s\t%s\t%s\t%.0f\t%.0f\t%.0f",
				value(s["metadata"], "owner"), value(s, "name"), value(e, "name"),
				number(e, "num_requests"), number(e, "num_errors"),
				number(e, "average_processing_time")/1000))
		}
	}
	return rows
}

type answer struct {
	owner string
	msg   *nats.Msg
}

func values(nc *nats.Conn, key string) (rows []string) {
	answers := make(chan answer, 4096)
	asked := map[string]bool{}
	for _, s := range gather(nc, "$SRV.INFO.favorites") {
		for _, e := range endpoints(s) {
			fields, _ := e.(object)
			subject, _ := fields["subject"].(string) // as it is
			if value(e, "name") != "get" || asked[subject] || subject == "" {
				continue
			}
			owner := value(s["metadata"], "owner")
			inbox := nc.NewInbox()
			sub, err := nc.Subscribe(inbox, func(msg *nats.Msg) { answers <- answer{owner, msg} })
			if err != nil {
				fail(err)
			}
			if nc.PublishRequest(subject, inbox, []byte(key)) != nil {
				sub.Unsubscribe()
				continue
			}
			asked[subject] = true
		}
	}
	for i := 0; i < len(asked); i++ {
		select {
		case a := <-answers:
			code := a.msg.Header.Get("Nats-Service-Error-Code")
			switch {
			case a.msg.Header.Get("Status") == "503":
			case code == "404":
				rows = append(rows, a.owner+": -")
			case code != "":
				fmt.Fprintf(os.Stderr, "who: %s: %s %s\n", a.owner, code,
					shown([]byte(a.msg.Header.Get("Nats-Service-Error"))))
			default:
				rows = append(rows, a.owner+": "+shown(a.msg.Data))
			}
		case <-time.After(quiet):
			return rows
		}
	}
	return rows
}

func main() {
	if len(os.Args) > 2 {
		fmt.Fprintln(os.Stderr, "usage: who [KEY | --stats]")
		os.Exit(2)
	}
	nc, err := nats.Connect(os.Getenv("NATS_URL"), nats.Name("who"))
	if err != nil {
		fail(err)
	}
	var rows []string
	switch {
	case len(os.Args) == 1:
		rows = list(nc)
	case os.Args[1] == "--stats":
		rows = statistics(nc)
	default:
		rows = values(nc, os.Args[1])
	}
	sort.Strings(rows)
	for _, row := range rows {
		fmt.Println(row)
	}
	nc.Close()
}
