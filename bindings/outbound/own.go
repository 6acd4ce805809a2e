package outbound

import (
	"net"
	"net/netip"
	"sync/atomic"
)

// Own are the addresses on which the server of the workers listens itself. They are known later than the network is made: the zero
// value has none. It is safe for concurrent use.
//
// A connection to one of them would let a worker call itself in a circle, past every count of how deep calls go. Only a rule that names
// the port allows it.
type Own struct {
	list atomic.Pointer[[]netip.AddrPort]
}

// Set sets the addresses of listeners, as they say it themselves; those that are not of TCP do not matter.
func (o *Own) Set(addresses []net.Addr) {
	var list []netip.AddrPort
	for _, a := range addresses {
		if tcp, ok := a.(*net.TCPAddr); ok {
			own := tcp.AddrPort()
			list = append(list, netip.AddrPortFrom(own.Addr().Unmap().WithZone(""), own.Port()))
		}
	}
	o.list.Store(&list)
}

// has says whether a connection to an address would end at an own listener. One without an address of its own listens on all of this
// host, and the unspecified address leads to this host.
func (o *Own) has(to netip.AddrPort) bool {
	if o == nil {
		return false
	}
	list := o.list.Load()
	if list == nil {
		return false
	}
	addr := inner(to.Addr())
	for _, own := range *list {
		switch {
		case own.Port() != to.Port():
		case own.Addr() == addr, addr.IsUnspecified(), own.Addr().IsUnspecified() && ofThisHost(addr):
			return true
		}
	}
	return false
}

// ofThisHost says whether an address is one of this machine's.
func ofThisHost(addr netip.Addr) bool {
	if addr.IsLoopback() {
		return true
	}
	list, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	for _, a := range list {
		if prefix, ok := a.(*net.IPNet); ok {
			if local, ok := netip.AddrFromSlice(prefix.IP); ok && local.Unmap() == addr {
				return true
			}
		}
	}
	return false
}
