package loader

import (
	"bytes"
	"time"

	"github.com/dynos-run/dynos/isolate"
)

// A turn takes all messages that wait in the mailbox and answers when the last one has been handled. So that requests of a busy worker
// are answered one after the other, only a few at a time are put there; the others wait in a queue of the instance, where those that
// would wait for too long are refused at once.
const (
	// batchTime is how long the requests of one turn may take together, as far as that can be foreseen.
	batchTime = 50 * time.Millisecond
	// minBatch and maxBatch bound their number, firstBatch is it until something is known.
	minBatch, firstBatch, maxBatch = 2, 16, 64
)

// A queue is what an instance knows of the requests of the server that have not begun. The instance's mu guards it.
type queue struct {
	fresh   int // put into the mailbox since the last turn ended
	carried int // put there before, as far as their turn has not ended
	batch   int // how many that may be; 0 for firstBatch
	waiting []*queuedFetch
	cost    time.Duration // of one request, a moving average
	busy    time.Duration // of the isolate, when that was updated last
}

// A queuedFetch is a request in the queue, and later the one that has begun.
type queuedFetch struct {
	inst    *instance
	target  *target
	req     *request
	to      *httpCall
	since   time.Time
	running inflight // once it has begun, or waits for the next instance
	left    bool     // the client has gone
}

// enqueue keeps a request back if the worker has enough to do. Preconditions: mu is held. A nil result means that it may begin; one that is
// refused must be failed by the caller.
func (i *instance) enqueue(t *target, req *request, to fetchCaller) (q *queuedFetch, refused bool) {
	call, ok := to.(*httpCall)
	if !ok || i.state != running { // what waits for the code is bounded by MaxRequests
		return nil, false
	}
	limit := i.queue.limit()
	if len(i.queue.waiting) == 0 && i.queue.carried+i.queue.fresh < limit {
		i.queue.fresh++
		return nil, false
	}
	config := &i.rt.config
	wait := time.Duration(len(i.queue.waiting)+limit) * i.queue.cost
	if len(i.queue.waiting) >= config.MaxQueued || wait > config.MaxQueueTime {
		return nil, true
	}
	// The server uses its memory again when the client has gone, perhaps while the request changes from one instance to the next.
	req.method, req.body.data = bytes.Clone(req.method), bytes.Clone(req.body.data)
	q = &queuedFetch{inst: i, target: t, req: req, to: call, since: time.Now()}
	i.queue.waiting = append(i.queue.waiting, q)
	return q, false
}

func (q *queue) limit() int {
	if q.batch == 0 {
		return firstBatch
	}
	return q.batch
}

// learn updates what a request costs, at the end of a turn. What came while it ran waits for the next one, unless the mailbox is empty.
func (q *queue) learn(busy time.Duration, empty bool) {
	spent, handled := busy-q.busy, q.carried
	q.busy, q.carried = busy, q.fresh
	if empty {
		handled += q.fresh
		q.carried = 0
	}
	q.fresh = 0
	if handled == 0 {
		return
	}
	cost := spent / time.Duration(handled)
	if q.cost > 0 {
		cost = (3*q.cost + cost) / 4
	}
	q.cost = cost
	q.batch = min(max(minBatch, int(batchTime/max(cost, 1))), maxBatch)
}

// admit lets queued requests begin, when a turn has ended.
func (i *instance) admit(r *isolate.Runner) {
	i.mu.Lock()
	if i.state != running {
		i.mu.Unlock()
		return
	}
	q := &i.queue
	q.learn(i.iso.Busy(), i.iso.Quiet())
	var late []*queuedFetch
	for len(q.waiting) > 0 && q.carried < q.limit() {
		next := q.waiting[0]
		if time.Since(next.since) > i.rt.config.MaxQueueTime {
			late = append(late, next)
		} else {
			next.running = i.startFetchLocked(r, next.target, next.req, next.to)
			if next.running == nil {
				break // the isolate is at its end, as the instance will be
			}
			q.carried++
		}
		q.waiting[0] = nil
		q.waiting = q.waiting[1:]
	}
	i.mu.Unlock()
	for _, q := range late {
		q.refuse(r)
	}
}

// leave takes everything out of the queue. Preconditions: mu is held.
func (q *queue) leave() []*queuedFetch {
	list := q.waiting
	q.waiting = nil
	return list
}

// again gives a request, which had not begun when its instance ended, to the next one.
func (q *queuedFetch) again(r *isolate.Runner) {
	running := q.target.fetch(r, q.req, q.to)
	q.inst.mu.Lock()
	q.running = running
	left := q.left
	q.inst.mu.Unlock()
	if left && running != nil {
		running.cancel(r)
	}
}

// refuse answers that the worker is too busy.
func (q *queuedFetch) refuse(r *isolate.Runner) {
	q.inst.rt.counts.refused.Add(1)
	q.req.body.cancel(r)
	q.to.fail(r, errBusy())
}

// errBusy is a failure that the server answers with 503.
func errBusy() *failure {
	return &failure{class: "Error", message: "The worker has too much to do.", retryAt: time.Now().Add(time.Second)}
}

// withdraw takes a request out of the queue; false if it is not there any more.
func (q *queuedFetch) withdraw() bool {
	i := q.inst
	i.mu.Lock()
	defer i.mu.Unlock()
	for k, other := range i.queue.waiting {
		if other == q {
			i.queue.waiting = append(i.queue.waiting[:k:k], i.queue.waiting[k+1:]...)
			return true
		}
	}
	return false
}

// expired says whether it waits for too long, and takes it out of the queue then: the turn that is running does not end.
func (q *queuedFetch) expired() bool {
	if time.Since(q.since) > q.inst.rt.config.MaxQueueTime && q.withdraw() {
		return true
	}
	q.inst.mu.Lock()
	next, ok := q.running.(*queuedFetch)
	q.inst.mu.Unlock()
	return ok && next.expired()
}

// cancel implements inflight.
func (q *queuedFetch) cancel(r *isolate.Runner) {
	if q.withdraw() {
		q.req.body.cancel(r)
		return
	}
	q.inst.mu.Lock()
	running := q.running
	q.left = true
	q.inst.mu.Unlock()
	if running != nil {
		running.cancel(r)
	}
}
