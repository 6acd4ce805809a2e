package wdconfig

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// parseAddress reads the address of a socket or a server, "host:port", "*:port", "[v6]:port", "unix:path" or "unix-abstract:name", and gives it as
// package net wants it. A host without a port gets the given one.
func parseAddress(text, port string) (network, address string, err error) {
	if path, ok := strings.CutPrefix(text, "unix:"); ok {
		return "unix", path, nil
	}
	if name, ok := strings.CutPrefix(text, "unix-abstract:"); ok {
		return "unix", "@" + name, nil
	}
	host := text
	switch {
	case strings.Count(text, ":") > 1 && !strings.HasPrefix(text, "["): // an IPv6 address by itself
	case strings.HasSuffix(text, "]"):
		host = strings.TrimPrefix(strings.TrimSuffix(text, "]"), "[")
	case strings.Contains(text, ":"):
		if host, port, err = net.SplitHostPort(text); err != nil {
			return "", "", fmt.Errorf("%q is no address", text)
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", "", fmt.Errorf("%q is no port, a number from 0 to 65535", port)
	} else if port = strconv.FormatUint(n, 10); host == "*" {
		host = ""
	}
	return "tcp", net.JoinHostPort(host, port), nil
}
