// Package isolate runs JavaScript realms as actors: a mailbox, at most one thread inside at a time, and turns.
//
// # Turns
//
// The only way into V8 is a turn: one call that delivers the messages of the mailbox, runs microtasks to their end after
// each, and returns the ops that JavaScript recorded. Go performs those afterwards, outside of V8, through [Handler].
//
// # Threads
//
// An isolate has no goroutine. Whoever commits a message to an idle isolate owns its next turns: the isolate is put on
// that goroutine's [Runner], and [Runner.Run] does them. If it is busy, the message waits for the goroutine inside. So
// on the uncontended path nothing is handed to another goroutine, and a call from one realm into another is one turn
// after the other on the same thread.
//
// # Lifetimes
//
// What Turn returns lives until the next turn of the same isolate; a Handler copies what it keeps. Release lets the turn
// in progress end; messages after it are dropped.
//
// # Lock order
//
// Isolate.mu is a leaf: nothing of ours is called while it is held except the encoding of one message between Begin and
// Commit, which takes no other lock.
package isolate
