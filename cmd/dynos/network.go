package main

import (
	"log/slog"

	"github.com/dynos-run/dynos/bindings"
	"github.com/dynos-run/dynos/bindings/outbound"
)

// newOutbound makes the network that workers reach: public addresses, and what the rules add, without the own listeners.
func newOutbound(rules []string, own *outbound.Own, s streams) (bindings.Fetcher, error) {
	policy, err := outbound.NewPolicy(append([]string{"public"}, rules...), nil)
	if err != nil {
		return nil, &inputError{"dynos: --allow-net: " + err.Error()}
	}
	return outbound.New(outbound.Options{Policy: policy, Own: own, Log: slog.New(slog.NewTextHandler(s.err, nil))}), nil
}
