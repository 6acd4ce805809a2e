package websocket_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dynos-run/dynos/loader/internal/websocket"
)

// What the reference runtime answers to these offers.
func TestAccept(t *testing.T) {
	for offer, want := range map[string]string{
		"permessage-deflate":                                                         "permessage-deflate",
		"permessage-deflate; client_max_window_bits":                                 "permessage-deflate; client_max_window_bits=15",
		"permessage-deflate; server_max_window_bits=10":                              "permessage-deflate; server_max_window_bits=10",
		"permessage-deflate; client_max_window_bits=9; server_no_context_takeover":   "permessage-deflate; server_no_context_takeover; client_max_window_bits=9",
		"permessage-deflate; client_no_context_takeover":                             "permessage-deflate; client_no_context_takeover",
		"permessage-deflate; server_max_window_bits=10, permessage-deflate":          "permessage-deflate; server_max_window_bits=10",
		"permessage-deflate; foo":                                                    "",
		"x-foo":                                                                      "",
		"permessage-deflate; server_max_window_bits=7":                               "",
		"permessage-deflate; server_max_window_bits":                                 "",
		"permessage-deflate; server_no_context_takeover; server_no_context_takeover": "",
		`permessage-deflate;client_max_window_bits="10"`:                             "",
		"": "",
	} {
		_, header := websocket.Accept(offer, offer)
		require.Equal(t, want, header, offer)
	}
	_, header := websocket.Accept("permessage-deflate; server_no_context_takeover, permessage-deflate", "permessage-deflate")
	require.Equal(t, "permessage-deflate", header, "an offer that asks for too much is passed over")
	_, header = websocket.Accept("permessage-deflate", "")
	require.Empty(t, header)
}

func TestAgree(t *testing.T) {
	offers := websocket.ParseOffers("permessage-deflate; client_no_context_takeover, x-foo")
	require.Len(t, offers, 1)
	require.Equal(t, "permessage-deflate; client_no_context_takeover", websocket.FormatOffers(offers))
	agreed, fault := websocket.Agree(offers, "permessage-deflate; client_max_window_bits=10")
	require.Empty(t, fault)
	require.Equal(t, &websocket.Compression{ClientForgets: true, ClientBits: 10}, agreed)
	for answer, want := range map[string]string{
		"x-foo":                                  "response included a Sec-WebSocket-Extensions value that was not permessage-deflate.",
		"permessage-deflate, permessage-deflate": "expected exactly one extension (permessage-deflate) but received more than one.",
		"permessage-deflate; client_max_window_bits": "the Sec-WebSocket-Extensions header in the Response included an invalid value.",
	} {
		_, fault := websocket.Agree(offers, answer)
		require.Equal(t, "Server failed WebSocket handshake: "+want, fault)
	}
	_, fault = websocket.Agree(nil, "permessage-deflate")
	require.Equal(t, "Server failed WebSocket handshake: added Sec-WebSocket-Extensions when client did not offer any.", fault)
}

// What a server accepts, the client that has offered it agrees to.
func FuzzNegotiation(f *testing.F) {
	f.Add("permessage-deflate; client_max_window_bits", "permessage-deflate")
	f.Add("permessage-deflate; server_max_window_bits=10, permessage-deflate", "permessage-deflate; client_no_context_takeover")
	f.Fuzz(func(t *testing.T, offer, willing string) {
		agreed, header := websocket.Accept(offer, willing)
		if agreed == nil {
			require.Empty(t, header)
			return
		}
		offers := websocket.ParseOffers(offer)
		_, fault := websocket.Agree(offers, header)
		require.Empty(t, fault, "%q", header)
	})
}
