package isolate

import "sync"

// A Pool keeps isolates ready, so that a worker which is needed now does not wait half a millisecond for one. One
// goroutine refills it: making isolates does not get faster with more. Policy (how many) is the caller's.
type Pool struct {
	spares  chan *Isolate
	refill  chan struct{}
	quit    chan struct{}
	done    sync.WaitGroup
	maxHeap int
}

// NewPool starts a pool that keeps size isolates of the given heap limit (bytes, 0: V8's default) ready.
func NewPool(size, maxHeap int) *Pool {
	p := &Pool{
		spares:  make(chan *Isolate, max(size, 1)),
		refill:  make(chan struct{}, 1),
		quit:    make(chan struct{}),
		maxHeap: maxHeap,
	}
	p.done.Add(1)
	go p.fill(size)
	p.want()
	return p
}

// fill makes isolates until the pool is full, whenever one has been taken.
func (p *Pool) fill(size int) {
	defer p.done.Done()
	for {
		select {
		case <-p.quit:
			return
		case <-p.refill:
		}
		for len(p.spares) < size {
			i := New(nil, p.maxHeap)
			select {
			case <-p.quit:
				i.Close()
				return
			case p.spares <- i:
			}
		}
	}
}

func (p *Pool) want() {
	select {
	case p.refill <- struct{}{}:
	default:
	}
}

// Take returns a spare with the given handler, or makes an isolate if there is none.
func (p *Pool) Take(handler Handler) *Isolate {
	select {
	case i := <-p.spares:
		p.want()
		i.SetHandler(handler)
		return i
	default:
		p.want()
		return New(handler, p.maxHeap)
	}
}

// Close stops the refill and frees the spares. Isolates that were taken are their owners'.
func (p *Pool) Close() {
	close(p.quit)
	p.done.Wait()
	for {
		select {
		case i := <-p.spares:
			i.Close()
		default:
			return
		}
	}
}
