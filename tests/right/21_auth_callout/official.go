// doorman SEED, with the official client for Go, its micro and jetstream packages,
// and nkeys; tokens are made by hand.
package main

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nats.go/micro"
	"github.com/nats-io/nkeys"
)

const header = `{"alg":"ed25519-nkey","typ":"JWT"}`

var isName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

type object map[string]any

type request struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Expires  int64  `json:"exp"`
	NATS     struct {
		Server struct {
			ID string `json:"id"`
		} `json:"server_id"`
		User string `json:"user_nkey"`
		Sent struct {
			Name string `json:"user"`
			Code string `json:"pass"`
		} `json:"connect_opts"`
	} `json:"nats"`
}

type doorman struct {
	issuer        nkeys.KeyPair
	doors, misses jetstream.KeyValue
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "doorman:", strings.ReplaceAll(err.Error(), "\n", " "))
	os.Exit(1)
}

func part(text string, value any) bool {
	data, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && json.Unmarshal(data, value) == nil
}

// What a server asks; nil if it isn't that.
func open(token string) *request {
	var head struct {
		Algorithm string `json:"alg"`
	}
	var r request
	parts := strings.Split(token, ".")
	if len(parts) != 3 || !part(parts[0], &head) || !part(parts[1], &r) ||
		head.Algorithm != "ed25519-nkey" || !nkeys.IsValidPublicServerKey(r.Issuer) {
		return nil
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	key, _ := nkeys.FromPublicKey(r.Issuer)
	if err != nil || key.Verify([]byte(parts[0]+"."+parts[1]), signature) != nil ||
		r.Issuer != r.NATS.Server.ID || r.Audience != "nats-authorization-request" ||
		r.Expires < time.Now().Unix() {
		return nil
	}
	return &r
}

func (d *doorman) sign(claims object) string {
	claims["iss"], _ = d.issuer.PublicKey()
	claims["iat"] = time.Now().Unix()
	claims["jti"] = nats.NewInbox()[7:]
	body, _ := json.Marshal(claims)
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." +
		base64.RawURLEncoding.EncodeToString(body)
	signature, _ := d.issuer.Sign([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// "" if they may come in.
func (d *doorman) decide(name, given string) string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if !isName.MatchString(name) {
		return "unknown"
	}
	entry, err := d.doors.Get(ctx, name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return "unknown"
	}
	if err != nil {
		return "not now"
	}
	history, err := d.misses.History(ctx, name)
	if err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
		return "not now"
	}
	if len(history) >= 5 {
		return "locked out"
	}
	var door struct {
		Code *string `json:"code"`
	}
	if json.Unmarshal(entry.Value(), &door) != nil || door.Code == nil {
		return "unknown"
	}
	if subtle.ConstantTimeCompare([]byte(*door.Code), []byte(given)) == 1 {
		return ""
	}
	if _, err := d.misses.Put(ctx, name, []byte("1")); err != nil {
		return "not now"
	}
	return "wrong code"
}

func (d *doorman) user(key, name string) string {
	desk := "room.desk." + name + ".>"
	return d.sign(object{"sub": key, "aud": "ROOM", "name": name,
		"exp": time.Now().Add(10 * time.Minute).Unix(),
		"nats": object{"type": "user", "version": 2,
			"subs": -1, "data": -1, "payload": -1,
			"pub": object{"allow": []string{desk}},
			"sub": object{"allow": []string{"_INBOX_" + name + ".>", desk}}}})
}

func shown(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, name)
}

func (d *doorman) login(m *nats.Msg) {
	r := open(string(m.Data))
	if r == nil {
		return
	}
	answer := object{"type": "authorization_response", "version": 2}
	why := d.decide(r.NATS.Sent.Name, r.NATS.Sent.Code)
	if why == "" {
		why = "come in"
		answer["jwt"] = d.user(r.NATS.User, r.NATS.Sent.Name)
	} else {
		answer["error"] = "no"
	}
	fmt.Printf("%s: %s\n", why, shown(r.NATS.Sent.Name))
	m.Respond([]byte(d.sign(object{"sub": r.NATS.User, "aud": r.NATS.Server.ID,
		"nats": answer})))
}

func (d *doorman) open(file string) {
	seed, err := os.ReadFile(file)
	if err != nil {
		fail(err)
	}
	d.issuer, err = nkeys.FromSeed([]byte(strings.TrimSpace(string(seed))))
	if err != nil {
		fail(fmt.Errorf("%s: %w", file, err))
	}
	if key, _ := d.issuer.PublicKey(); !nkeys.IsValidPublicAccountKey(key) {
		fail(fmt.Errorf("%s: not an account's", file))
	}
}

func (d *doorman) buckets(nc *nats.Conn) {
	js, err := jetstream.New(nc)
	if err != nil {
		fail(err)
	}
	for name, bucket := range map[string]*jetstream.KeyValue{
		"doors": &d.doors, "misses": &d.misses} {
		if *bucket, err = js.KeyValue(context.Background(), name); err != nil {
			fail(fmt.Errorf("of doors and misses, %s: %w", name, err))
		}
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: doorman SEED")
		os.Exit(2)
	}
	var d doorman
	d.open(os.Args[1])
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	closed := make(chan struct{})
	nc, err := nats.Connect(os.Getenv("NATS_URL"), nats.MaxReconnects(-1),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		fail(err)
	}
	d.buckets(nc)

	// A queue group without the service's endpoint, so that what has come can be
	// waited for; the service is there to be found.
	service, err := micro.AddService(nc, micro.Config{Name: "doorman", Version: "0.0.1",
		Endpoint: &micro.EndpointConfig{Subject: "doorman.about",
			Handler: micro.HandlerFunc(func(req micro.Request) { req.Respond(nil) })}})
	if err != nil {
		fail(err)
	}
	sub, err := nc.QueueSubscribe("$SYS.REQ.USER.AUTH", "doormen", func(m *nats.Msg) {
		d.login(m)
	})
	if err != nil {
		fail(err)
	}
	nc.Flush()
	fmt.Println("ready")

	<-stop
	gone := make(chan struct{})
	sub.SetClosedHandler(func(string) { close(gone) })
	sub.Drain()
	<-gone
	service.Stop()
	if err := nc.Drain(); err != nil {
		fail(err)
	}
	<-closed
}
