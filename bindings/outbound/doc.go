// Package outbound is the network as workers reach it: a [bindings.Fetcher] over net/http behind a [Policy].
//
// One Fetch is one HTTP exchange, over HTTP/1.1 or HTTP/2 and pooled connections. Redirects are not followed, bodies stream in
// both directions, and a body in gzip or Brotli is decoded when it is read. Headers that nobody asked for are not added, besides
// Host and the framing of the body.
//
// The policy is asked about the address of each connection when it is dialled, after the name was resolved, so a name that
// resolves to something else the second time gains nothing. No proxy of the environment is used: behind one, the policy would
// judge the proxy's address.
//
// Failures are worded as the platform words them, see [Error].
package outbound
