package websocket

import (
	"strconv"
	"strings"
)

// permessage-deflate, https://www.rfc-editor.org/rfc/rfc7692#section-7

const extensionName = "permessage-deflate"

// Compression is what both sides agreed on, or one of them offers.
type Compression struct {
	// ServerForgets and ClientForgets say that messages of that side do not refer to earlier ones.
	ServerForgets, ClientForgets bool
	// ServerBits and ClientBits bound the window of that side's messages to a power of two: 8 to 15, 0 if nothing was said.
	ServerBits, ClientBits int
}

func (c *Compression) keepsIn(client bool) bool {
	if client {
		return !c.ServerForgets
	}
	return !c.ClientForgets
}

func (c *Compression) keepsOut(client bool) bool { return c.keepsIn(!client) }

func (c *Compression) bitsOut(client bool) int {
	bits := c.ServerBits
	if client {
		bits = c.ClientBits
	}
	if bits == 0 {
		return 15
	}
	return bits
}

// header writes it as the value of Sec-WebSocket-Extensions.
func (c *Compression) header() string {
	var b strings.Builder
	b.WriteString(extensionName)
	if c.ClientForgets {
		b.WriteString("; client_no_context_takeover")
	}
	if c.ServerForgets {
		b.WriteString("; server_no_context_takeover")
	}
	if c.ClientBits != 0 {
		b.WriteString("; client_max_window_bits=" + strconv.Itoa(c.ClientBits))
	}
	if c.ServerBits != 0 {
		b.WriteString("; server_max_window_bits=" + strconv.Itoa(c.ServerBits))
	}
	return b.String()
}

// ParseOffers returns the offers of a Sec-WebSocket-Extensions header that are valid and of this extension.
func ParseOffers(header string) []Compression {
	var offers []Compression
	for text := range strings.SplitSeq(header, ",") {
		if offer, ok := parse(text, false); ok {
			offers = append(offers, offer)
		}
	}
	return offers
}

// FormatOffers writes the header of a request that makes these offers; empty for none.
func FormatOffers(offers []Compression) string {
	texts := make([]string, len(offers))
	for k := range offers {
		texts[k] = offers[k].header()
	}
	return strings.Join(texts, ", ")
}

// Accept finds what a server that is willing to agree on `willing` answers to a client's offers: the agreement and the header that
// says so, or nil.
func Accept(offers, willing string) (*Compression, string) {
	ours := ParseOffers(willing)
	if len(ours) == 0 {
		return nil, ""
	}
	for _, offer := range ParseOffers(offers) {
		if agreed, ok := meet(offer, ours[0]); ok {
			return &agreed, agreed.header()
		}
	}
	return nil, ""
}

// meet finds what keeps to both.
func meet(offer, ours Compression) (Compression, bool) {
	agreed := ours
	if offer.ServerForgets && !ours.ServerForgets || offer.ServerBits != 0 && ours.ServerBits == 0 {
		return agreed, false // a server that cannot keep to these must refuse
	}
	agreed.ClientBits = smaller(offer.ClientBits, ours.ClientBits)
	if offer.ClientBits == 0 || ours.ClientBits == 0 { // who does not know the parameter must not be answered with it
		agreed.ClientBits = 0
	}
	agreed.ServerBits = smaller(offer.ServerBits, ours.ServerBits)
	return agreed, true
}

// smaller is the lower of two window sizes, of which 0 stands for none.
func smaller(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Agree checks a server's answer to a client's offers. The text is what is wrong with it, in the platform's words; empty if nothing is.
func Agree(offers []Compression, answer string) (agreed *Compression, fault string) {
	const failed = "Server failed WebSocket handshake: "
	if len(offers) == 0 {
		return nil, failed + "added Sec-WebSocket-Extensions when client did not offer any."
	}
	if strings.Contains(answer, ",") {
		return nil, failed + "expected exactly one extension (permessage-deflate) but received more than one."
	}
	name, _, _ := strings.Cut(answer, ";")
	if strings.Trim(name, " \t") != extensionName {
		return nil, failed + "response included a Sec-WebSocket-Extensions value that was not permessage-deflate."
	}
	c, ok := parse(answer, true)
	if !ok {
		return nil, failed + "the Sec-WebSocket-Extensions header in the Response included an invalid value."
	}
	// The client keeps to what it offered, whatever the server makes of it.
	c.ClientForgets = c.ClientForgets || offers[0].ClientForgets
	c.ClientBits = smaller(c.ClientBits, offers[0].ClientBits)
	return &c, ""
}

// parse reads one extension with its parameters; false if it is another one or not valid.
func parse(text string, isAnswer bool) (c Compression, ok bool) {
	name, rest, more := strings.Cut(text, ";")
	if strings.Trim(name, " \t") != extensionName {
		return c, false
	}
	seen := map[string]bool{}
	for more {
		var param string
		param, rest, more = strings.Cut(rest, ";")
		key, value, hasValue := strings.Cut(param, "=")
		key, value = strings.Trim(key, " \t"), strings.Trim(value, " \t")
		if seen[key] || !c.set(key, value, hasValue, isAnswer) {
			return c, false
		}
		seen[key] = true
	}
	return c, true
}

func (c *Compression) set(key, value string, hasValue, isAnswer bool) bool {
	ok := !hasValue
	switch key {
	case "server_no_context_takeover":
		c.ServerForgets = true
	case "client_no_context_takeover":
		c.ClientForgets = true
	case "server_max_window_bits":
		c.ServerBits, ok = windowBits(value)
	case "client_max_window_bits":
		if !hasValue && !isAnswer { // the client only says that it knows the parameter
			c.ClientBits, ok = 15, true
			break
		}
		c.ClientBits, ok = windowBits(value)
	default:
		return false
	}
	return ok
}

func windowBits(value string) (int, bool) {
	n, err := strconv.ParseUint(value, 10, 8)
	return int(n), err == nil && n >= 8 && n <= 15
}
