package rewriter

import "errors"

// MaxMemory bounds, in bytes, what a [Rewriter] keeps for a document, which is mostly the open elements. Who calls bounds by the same
// what is left between pieces of the document.
const MaxMemory = 3 << 20

// Shared is what the rewriters of one realm have together: a bound of their memory, and room for batches. All of them are used by one
// goroutine at a time. Its zero value is ready to use.
type Shared struct {
	used  int
	batch Batch
}

// maxShared bounds, in bytes, what all rewriters of a realm keep.
const maxShared = 32 << 20

// take reserves n bytes, which may be negative to give them back.
func (s *Shared) take(n int) bool {
	s.used += n
	return s.used <= maxShared
}

// ErrMemory says that [MaxMemory] was exceeded; its text is the platform's.
//
//lint:ignore ST1005 the platform's text
var ErrMemory = errors.New("The memory limit has been exceeded.")

// What an open element costs, in bytes, besides what it holds.
const elementCost = 190

// An open element.
type open struct {
	name *tagName
	// handlers are those that its selectors have brought, whose text and comments they hear until it ends.
	handlers []int32
	// children are the nodes to look at for its children.
	children []int32
	// count is the number of its children so far, types that of each name.
	count int32
	types map[string]int32
	// given says whether it was given as an event, so that its end must be.
	given bool
	cost  int
}

// A stack is the open elements, as the end tags tell.
type stack struct {
	items []open
	// names are those seen, of which forgetNames drops some when there are mostNames.
	names     map[string]*tagName
	mostNames int
	// root counts the elements outside all others.
	root   open
	used   int
	shared *Shared
	// heirs are the nodes to look at everywhere below, with the depth of the element that brought them; depthOf is that of each node, -1
	// if it is none of them.
	heirs   []heir
	depthOf []int32
}

type heir struct{ node, depth int32 }

// top is the innermost element.
func (s *stack) top() *open {
	if n := len(s.items); n > 0 {
		return &s.items[n-1]
	}
	return &s.root
}

// count counts an element among its siblings and, if byType is set, among those of its name.
func (s *stack) count(name *tagName, byType bool) (index, typeIndex int32, err error) {
	parent := s.top()
	parent.count++
	if !byType {
		return parent.count, 0, nil
	}
	typeIndex, known := parent.types[name.text]
	typeIndex++
	if !known {
		if parent.types == nil {
			parent.types = make(map[string]int32)
		}
		if err := s.charge(parent, len(name.text)+64); err != nil {
			return 0, 0, err
		}
	}
	parent.types[name.text] = typeIndex
	return parent.count, typeIndex, nil
}

func (s *stack) charge(item *open, cost int) error {
	item.cost += cost
	s.used += cost
	if !s.shared.take(cost) || s.used > MaxMemory {
		return ErrMemory
	}
	return nil
}

// push opens an element.
func (s *stack) push(name *tagName, item open) error {
	name.open++
	item.name = name
	s.items = append(s.items, item)
	return s.charge(s.top(), elementCost+4*(len(item.handlers)+len(item.children)))
}

// inherit makes nodes looked at below the element that is pushed next.
func (s *stack) inherit(nodes []int32) {
	for _, n := range nodes {
		if s.depthOf[n] < 0 {
			s.depthOf[n] = int32(len(s.items))
			s.heirs = append(s.heirs, heir{n, s.depthOf[n]})
		}
	}
}

// find gives the position of the innermost open element of a name, -1 if there is none.
func (s *stack) find(name *tagName) int {
	if name.open == 0 {
		return -1
	}
	for i := len(s.items) - 1; ; i-- {
		if s.items[i].name == name {
			return i
		}
	}
}

// pop closes the innermost element.
func (s *stack) pop() open {
	last := len(s.items) - 1
	item := s.items[last]
	s.items[last] = open{}
	s.items = s.items[:last]
	s.used -= item.cost
	s.shared.take(-item.cost)
	item.name.open--
	for n := len(s.heirs); n > 0 && s.heirs[n-1].depth >= int32(last); n-- {
		s.depthOf[s.heirs[n-1].node] = -1
		s.heirs = s.heirs[:n-1]
	}
	return item
}
