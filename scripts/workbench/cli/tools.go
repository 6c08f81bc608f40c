//go:build tools

// Package cli pins the nats CLI that scripts/workbench/nats-cli builds: go.mod its
// version, go.sum the hashes of everything it is made of, so that no
// checksum database needs to be asked.
package cli

import _ "github.com/nats-io/natscli/nats"
