// Package hostops holds the Go halves of the ops that every worker has: cryptography, domain names and timers.
//
// It knows neither the engine nor HTTP: arguments arrive converted and normalised by the JavaScript that calls, results are
// bytes, strings and callbacks. One file is one area. Everything here is safe for concurrent use by all isolates.
package hostops
