// kv, with the official client for Go and its package jetstream. Watches through
// channels; counts with a message id in a header.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

const (
	attempt  = 250 * time.Millisecond
	retrying = 15 * time.Second
)

var errNumber = errors.New("not a number")

func open(ctx context.Context, js jetstream.JetStream, name string) (jetstream.KeyValue, error) {
	kv, err := js.KeyValue(ctx, name)
	if !errors.Is(err, jetstream.ErrBucketNotFound) {
		return kv, err
	}
	return js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: name, History: 5, Replicas: 3})
}

func put(ctx context.Context, kv jetstream.KeyValue, key string, args []string) error {
	var value []byte
	var err error
	if len(args) > 0 {
		value = []byte(args[0])
	} else if value, err = io.ReadAll(os.Stdin); err != nil {
		return err
	}
	revision, err := kv.Put(ctx, key, value)
	if err == nil {
		fmt.Println(revision)
	}
	return err
}

func get(ctx context.Context, kv jetstream.KeyValue, key string) error {
	entry, err := kv.Get(ctx, key)
	if err == nil {
		_, err = os.Stdout.Write(entry.Value())
	}
	return err
}

// A value as part of a line: whatever steers a terminal becomes a ?.
func plain(value []byte) []byte {
	runes := bytes.Runes(value)
	for i, r := range runes {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfffd {
			runes[i] = '?'
		}
	}
	return []byte(string(runes))
}

func history(ctx context.Context, kv jetstream.KeyValue, key string) error {
	entries, err := kv.History(ctx, key)
	for _, entry := range entries {
		if entry.Operation() == jetstream.KeyValuePut {
			fmt.Printf("%d PUT %s\n", entry.Revision(), plain(entry.Value()))
		} else {
			fmt.Printf("%d DEL\n", entry.Revision())
		}
	}
	return err
}

func watch(ctx context.Context, kv jetstream.KeyValue) error {
	watcher, err := kv.WatchAll(ctx)
	if err != nil {
		return err
	}
	defer watcher.Stop()
	present := true
	for {
		select {
		case <-ctx.Done():
			return nil
		case entry := <-watcher.Updates():
			switch {
			case entry == nil:
				fmt.Println("--")
				present = false
			case entry.Operation() == jetstream.KeyValuePut:
				fmt.Printf("PUT %s %s\n", entry.Key(), plain(entry.Value()))
			case !present:
				fmt.Printf("DEL %s\n", entry.Key())
			}
		}
	}
}

// The number, and the revision of the key's last message, also where it says
// that the key is deleted: Get doesn't tell that from a key that never was.
func look(ctx context.Context, kv jetstream.KeyValue, key string) (int64, uint64, error) {
	last, err := kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		var entries []jetstream.KeyValueEntry
		entries, err = kv.History(ctx, key)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			return 0, 0, nil
		}
		if err == nil {
			last = entries[len(entries)-1]
		}
	}
	if err != nil {
		return 0, 0, err
	}
	if last.Operation() != jetstream.KeyValuePut {
		return 0, last.Revision(), nil
	}
	number, err := strconv.ParseInt(string(last.Value()), 10, 64)
	if err != nil {
		err = errNumber
	}
	return number, last.Revision(), err
}

// Whether the number is stored, once that is known.
func store(ctx context.Context, js jetstream.JetStream, subject string, number int64,
	revision uint64, end time.Time) (bool, error) {
	msg := nats.NewMsg(subject)
	msg.Data = strconv.AppendInt(nil, number, 10)
	msg.Header.Set("Nats-Expected-Last-Subject-Sequence", strconv.FormatUint(revision, 10))
	msg.Header.Set("Nats-Msg-Id", nuid.Next())
	for {
		once, cancel := context.WithTimeout(ctx, attempt)
		_, err := js.PublishMsg(once, msg, jetstream.WithRetryAttempts(0))
		cancel()
		var refused *jetstream.APIError
		if errors.As(err, &refused) && (refused.ErrorCode == 10071 || refused.ErrorCode == 10164) {
			return false, nil
		}
		if err == nil || ctx.Err() != nil || time.Now().After(end) {
			return err == nil, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func addOne(ctx context.Context, js jetstream.JetStream, kv jetstream.KeyValue, key string) error {
	for end := time.Now().Add(retrying); ; {
		number, revision, err := look(ctx, kv, key)
		if errors.Is(err, errNumber) {
			return err
		}
		stored := false
		if err == nil {
			stored, err = store(ctx, js, "$KV."+kv.Bucket()+"."+key, number+1, revision, end)
		}
		if stored {
			fmt.Println(number + 1)
			return nil
		}
		if ctx.Err() != nil || time.Now().After(end) {
			return err
		}
	}
}

func incr(ctx context.Context, js jetstream.JetStream, kv jetstream.KeyValue, key string,
	times int) error {
	for i := 0; i < times && ctx.Err() == nil; i++ {
		if err := addOne(ctx, js, kv, key); err != nil {
			return err
		}
	}
	return nil
}

func obey(ctx context.Context, verb, bucket, key string, more []string, times int) error {
	url := os.Getenv("NATS_URL")
	if url == "" {
		url = nats.DefaultURL
	}
	nc, err := nats.Connect(url, nats.Name("kv"), nats.MaxReconnects(-1),
		nats.ReconnectWait(100*time.Millisecond))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	kv, err := open(context.Background(), js, bucket)
	if err != nil {
		return err
	}
	switch verb {
	case "put":
		return put(context.Background(), kv, key, more)
	case "get":
		return get(context.Background(), kv, key)
	case "del":
		return kv.Delete(context.Background(), key)
	case "history":
		return history(context.Background(), kv, key)
	case "watch":
		return watch(ctx, kv)
	default:
		return incr(ctx, js, kv, key, times)
	}
}

var (
	isBucket = regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)
	isKey    = regexp.MustCompile(`^[-/_=a-zA-Z0-9]+(\.[-/_=a-zA-Z0-9]+)*$`)
	words    = map[string]int{"put": 4, "get": 4, "del": 4, "history": 4, "watch": 3, "incr": 4}
)

func main() {
	args := os.Args
	if len(args) < 2 || words[args[1]] == 0 || len(args) < words[args[1]] ||
		len(args) > words[args[1]]+1 || !isBucket.MatchString(args[2]) {
		fmt.Fprintln(os.Stderr, "usage: kv put|get|del|history|watch|incr BUCKET KEY ...")
		os.Exit(2)
	}
	key, more, times := "", args[words[args[1]]:], 1
	if args[1] != "watch" {
		key = args[3]
	}
	if args[1] == "incr" && len(more) > 0 {
		times, _ = strconv.Atoi(more[0])
	}
	if args[1] != "watch" && !isKey.MatchString(key) || times < 1 {
		fmt.Fprintln(os.Stderr, "usage: kv put|get|del|history|watch|incr BUCKET KEY ...")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	err := obey(ctx, args[1], args[2], key, more, times)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		fmt.Fprintln(os.Stderr, "kv: not found:", key)
	} else if err != nil {
		fmt.Fprintln(os.Stderr, "kv:", err)
	}
	if err != nil {
		os.Exit(1)
	}
}
