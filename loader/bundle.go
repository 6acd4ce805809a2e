package loader

import (
	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// eachModule calls f with the name and source of each module of the worker, in their order, until it says false.
func (i *instance) eachModule(f func(name string, source []byte) bool) {
	i.mu.Lock()
	def := i.def
	i.mu.Unlock()
	if def == nil {
		return
	}
	reader := ops.NewReader(def.script)
	for {
		kind, args, ok := reader.NextMessage()
		if !ok {
			return
		}
		if kind != ops.MessageLoad {
			continue
		}
		_, _, _, _ = args.String(), args.Bool(), args.Bool(), args.Bool() // the main module, and three switches
		for n := args.Array() / 3; n > 0 && args.Err == nil; n-- {
			name, kind, source := args.String(), args.Int(), args.Bytes()
			if kind&(ops.ExtensionModule|ops.InternalExtensionModule) == 0 && !f(name, source) {
				return
			}
		}
		return
	}
}

// bundleList answers op_bundle_list.
func (i *instance) bundleList(answer *ops.Batch) {
	var names []string
	var sizes []int
	i.eachModule(func(name string, source []byte) bool {
		names, sizes = append(names, name), append(sizes, len(source))
		return true
	})
	isolate.CallResult(answer)
	answer.Array(2 * len(names))
	for n, name := range names {
		answer.String(name)
		answer.Int(int64(sizes[n]))
	}
}

// bundleRead answers op_bundle_read.
func (i *instance) bundleRead(index int, answer *ops.Batch) {
	found := false
	i.eachModule(func(_ string, source []byte) bool {
		if index--; index >= 0 {
			return true
		}
		found = true
		isolate.CallResult(answer)
		answer.Data(source)
		return false
	})
	if !found {
		isolate.CallError(answer, "Error", "malformed arguments")
	}
}
