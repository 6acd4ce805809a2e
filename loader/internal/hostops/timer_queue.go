package hostops

import "time"

// timerContext is the timers of one context. The mu of its shard guards it.
type timerContext struct {
	id      uint64
	pending map[uint64]*timer // by id: the queued ones, and a repeating one that fires
	queue   []*timer          // binary heap, first due first
	started uint64            // how many timers were queued: breaks ties
	clock   *time.Timer
	armed   time.Duration // what clock is set for
	firing  bool          // a goroutine is in expire
}

type timer struct {
	id    uint64
	fire  func()
	delay time.Duration // of a repeating timer, otherwise 0
	due   time.Duration
	order uint64
	index int // in queue, -1 while it fires
}

func (e *timer) before(other *timer) bool {
	return e.due < other.due || e.due == other.due && e.order < other.order
}

// add queues a timer under its id, which must be free.
func (c *timerContext) add(e *timer) {
	c.pending[e.id] = e
	c.push(e)
}

// remove forgets the timer of this id and reports whether it was queued.
func (c *timerContext) remove(id uint64) bool {
	e := c.pending[id]
	if e == nil {
		return false
	}
	delete(c.pending, id)
	if e.index < 0 {
		return false
	}
	c.take(e.index)
	return true
}

// claim takes the first timer from the queue to fire it: from now on it cannot be stopped, only kept from repeating.
func (c *timerContext) claim() *timer {
	e := c.queue[0]
	c.take(0)
	if e.delay == 0 {
		delete(c.pending, e.id)
	}
	return e
}

// again queues a repeating timer that has fired, unless it was stopped or replaced meanwhile.
func (c *timerContext) again(e *timer, now time.Duration) {
	if e.delay == 0 || c.pending[e.id] != e {
		return
	}
	e.due += e.delay
	if late := now - e.due; late > 0 {
		e.due += (late + e.delay - 1) / e.delay * e.delay
	}
	c.push(e)
}

func (c *timerContext) push(e *timer) {
	e.order = c.started
	c.started++
	c.queue = append(c.queue, e)
	c.up(len(c.queue)-1, e)
}

func (c *timerContext) take(i int) {
	c.queue[i].index = -1
	n := len(c.queue) - 1
	last := c.queue[n]
	c.queue[n] = nil
	c.queue = c.queue[:n]
	if i == n {
		return
	}
	if i > 0 && last.before(c.queue[(i-1)/2]) {
		c.up(i, last)
	} else {
		c.down(i, last)
	}
}

// up puts e at place i or, while it is due before its parent, further up.
func (c *timerContext) up(i int, e *timer) {
	for i > 0 {
		parent := (i - 1) / 2
		if !e.before(c.queue[parent]) {
			break
		}
		c.put(i, c.queue[parent])
		i = parent
	}
	c.put(i, e)
}

// down puts e at place i or, while a child is due before it, further down.
func (c *timerContext) down(i int, e *timer) {
	for {
		child := 2*i + 1
		if child >= len(c.queue) {
			break
		}
		if child+1 < len(c.queue) && c.queue[child+1].before(c.queue[child]) {
			child++
		}
		if !c.queue[child].before(e) {
			break
		}
		c.put(i, c.queue[child])
		i = child
	}
	c.put(i, e)
}

func (c *timerContext) put(i int, e *timer) {
	c.queue[i] = e
	e.index = i
}
