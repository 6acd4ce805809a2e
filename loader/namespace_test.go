package loader

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Bindings that share a namespace share its workers; what has ended is forgotten, and nothing newer by that name.
//
// Checklist: 12.
func TestNamespaces(t *testing.T) {
	rt := &Runtime{}
	shared, private := newNamespace(), newNamespace()
	first := definition{loaders: []*namespace{shared}}
	second := definition{loaders: []*namespace{private, shared}}

	a := first.loaders[0].get(rt, "a")
	require.Same(t, a, second.loaders[1].get(rt, "a"), "one id of one namespace is one worker, whichever binding asks")
	require.NotSame(t, a, second.loaders[0].get(rt, "a"), "another namespace has its own")
	require.NotSame(t, a, shared.get(rt, "b"))

	shared.remove(a)
	again := shared.get(rt, "a")
	require.NotSame(t, a, again)
	shared.remove(a)
	require.Same(t, again, shared.get(rt, "a"), "the end of the first takes nothing from its successor")
}
