package isolate

import "sync"

// A Pool keeps isolates ready, so that a worker which is needed now does not wait for one. One goroutine makes them all: two do
// not make many more in the same time, and disturb whoever runs JavaScript meanwhile. Policy (how many) is the caller's.
type Pool struct {
	limits Memory
	done   sync.WaitGroup

	mu      sync.Mutex // guards the rest
	size    int
	spares  []*Isolate
	waiting []func(*Isolate) // who has found no spare, first come first served
	closed  bool
	work    sync.Cond // there may be something to make, or the pool is closed
}

const makers = 2

// NewPool starts a pool that keeps size isolates of the given limits ready.
func NewPool(size int, limits Memory) *Pool {
	p := &Pool{size: size, limits: limits}
	p.work.L = &p.mu
	for range makers {
		p.done.Add(1)
		go p.fill()
	}
	return p
}

// fill makes isolates while somebody waits or spares are missing.
func (p *Pool) fill() {
	defer p.done.Done()
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for !p.closed && len(p.waiting) == 0 && len(p.spares) >= p.size {
			p.work.Wait()
		}
		if p.closed {
			return
		}
		p.mu.Unlock()
		i := New(nil, p.limits)
		p.mu.Lock()
		switch {
		case len(p.waiting) > 0:
			give := p.waiting[0]
			p.waiting = p.waiting[1:]
			p.mu.Unlock()
			go give(i)
			p.mu.Lock()
		case p.closed || len(p.spares) < p.size:
			p.spares = append(p.spares, i)
		default: // the pool has shrunk meanwhile
			p.mu.Unlock()
			i.Close()
			p.mu.Lock()
		}
	}
}

// Take returns a spare. If there is none it returns nil, and later, when one has been made, calls give on a goroutine of its own;
// with nil if the pool is closed before. The isolate has no handler yet.
func (p *Pool) Take(give func(*Isolate)) *Isolate {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		go give(nil)
		return nil
	}
	p.work.Signal()
	if n := len(p.spares); n > 0 {
		i := p.spares[n-1]
		p.spares = p.spares[:n-1]
		return i
	}
	p.waiting = append(p.waiting, give)
	return nil
}

// Resize changes how many isolates are kept ready. Spares beyond that are freed before it returns; missing ones are made soon.
func (p *Pool) Resize(size int) {
	p.mu.Lock()
	p.size = size
	var excess []*Isolate
	if n := len(p.spares); n > size {
		excess = append(excess, p.spares[size:]...)
		clear(p.spares[size:])
		p.spares = p.spares[:size]
	}
	p.work.Broadcast()
	p.mu.Unlock()
	for _, i := range excess {
		i.Close()
	}
}

// Spares is how many isolates are ready.
func (p *Pool) Spares() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.spares)
}

// Close stops the making and frees the spares. Isolates that were taken are their owners'.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	waiting := p.waiting
	p.waiting = nil
	p.work.Broadcast()
	p.mu.Unlock()
	p.done.Wait()
	for _, give := range waiting {
		give(nil)
	}
	p.Resize(0)
}
