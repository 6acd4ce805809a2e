package loader

import (
	"encoding/json"

	"github.com/dynos-run/dynos/isolate"
	"github.com/dynos-run/dynos/isolate/ops"
)

// What a Durable Object stores of a stub, or of a class: JSON, in which capabilities nest.

// A storedStub says how to find what a stub is of. Which of its fields are there says what that is.
type storedStub struct {
	// Worker and Export name an entrypoint of the configuration, or with Class a Durable Object class.
	Worker string `json:"worker,omitempty"`
	Export string `json:"export,omitempty"`
	Class  bool   `json:"class,omitempty"`
	// Props are serialised, or JSON text; the latter may have no capabilities.
	Props     []byte       `json:"props,omitempty"`
	PropsJSON bool         `json:"propsJSON,omitempty"`
	Caps      []storedStub `json:"caps,omitempty"`

	// Space and ID name a Durable Object, and Name what its id was made of.
	Space string  `json:"space,omitempty"`
	ID    string  `json:"id,omitempty"`
	Name  *string `json:"name,omitempty"`

	// Vendor is what makes the stub of Params, with Caps; Object says that it is an RpcStub.
	Vendor *storedStub `json:"vendor,omitempty"`
	Params []byte      `json:"params,omitempty"`
	Object bool        `json:"object,omitempty"`
}

// maxStoredDepth is how deep stubs may nest in each other.
const maxStoredDepth = 64

var (
	errNotStorable = &failure{class: "DataCloneError", message: "Cannot store this stub because the target worker does not have the " +
		"allow_irrevocable_stub_storage compatibility flag enabled."}
	errNotPersistent = &failure{class: "DataCloneError", message: "RpcStub cannot be serialized in this context because it is not a persistent stub."}
	errTooDeepStub   = &failure{class: "DataCloneError", message: "Stubs are nested too deeply to be stored."}
	errBadStub       = &failure{class: "DataCloneError", message: "Unable to deserialize cloned data."}
	errStubGone      = hostError("The target of this stored stub is not part of the server's configuration any more.")
	errStubDropped   = hostError("Invoked a Worker from a stored stub, but the target worker no longer has the " +
		"allow_irrevocable_stub_storage compatibility flag enabled.")
)

// describe says how to find a service again.
func describe(s service, depth int) (storedStub, *failure) {
	if depth > maxStoredDepth {
		return storedStub{}, errTooDeepStub
	}
	switch s := s.(type) {
	case *target:
		return s.describe(depth)
	case *objectClass:
		d, f := s.target.describe(depth)
		d.Class = true
		return d, f
	case *actorTarget:
		if !s.storable {
			return storedStub{}, errNotStorable
		}
		return storedStub{Space: s.space.class.UniqueKey, ID: s.id, Name: s.name}, nil
	case *restored:
		return s.of.describe(depth)
	case *recipe:
		return s.describe(depth)
	case counted:
		return storedStub{}, errNotPersistent
	}
	return storedStub{}, errNotStorable
}

func (t *target) describe(depth int) (d storedStub, f *failure) {
	if !t.storable || t.worker.dynamic {
		return d, errNotStorable
	}
	d = storedStub{Worker: t.worker.name, Export: t.entrypoint, Props: t.props, PropsJSON: t.propsJSON}
	d.Caps, f = describeAll(t.caps, depth)
	return d, f
}

func (s *recipe) describe(depth int) (d storedStub, f *failure) {
	vendor, f := describe(s.vendor, depth+1)
	if f != nil {
		return d, f
	}
	d = storedStub{Vendor: &vendor, Params: s.params, Object: s.object}
	d.Caps, f = describeAll(s.caps, depth)
	return d, f
}

func describeAll(list []service, depth int) ([]storedStub, *failure) {
	var all []storedStub
	for _, s := range list {
		d, f := describe(s, depth+1)
		if f != nil {
			return nil, f
		}
		all = append(all, d)
	}
	return all, nil
}

// find is the inverse of describe. What is not there any more is a service that says so.
func (rt *Runtime) find(d *storedStub, depth int) (service, *failure) {
	if depth > maxStoredDepth {
		return nil, errTooDeepStub
	}
	var caps []service
	for k := range d.Caps {
		s, f := rt.find(&d.Caps[k], depth+1)
		if f != nil {
			return nil, f
		}
		caps = append(caps, s)
	}
	switch {
	case d.Vendor != nil:
		vendor, f := rt.find(d.Vendor, depth+1)
		if f != nil {
			return nil, f
		}
		return &recipe{vendor: vendor, params: d.Params, caps: caps, object: d.Object}, nil
	case d.ID != "":
		return rt.findObject(d), nil
	case d.Worker == "":
		return nil, errBadStub
	}
	w := rt.byName[d.Worker]
	switch {
	case w == nil:
		return refusal{errStubGone}, nil
	case !w.def.flags[storageFlag]:
		return refusal{errStubDropped}, nil
	}
	t := &target{worker: w, entrypoint: d.Export, props: d.Props, propsJSON: d.PropsJSON, caps: caps, storable: true}
	if d.Class {
		return &objectClass{refusal{errNoCapability}, t}, nil
	}
	return t, nil
}

func (rt *Runtime) findObject(d *storedStub) service {
	for _, s := range rt.spaces {
		if s.class.UniqueKey != d.Space {
			continue
		}
		if !s.worker.def.flags[storageFlag] {
			return refusal{errStubDropped}
		}
		return &actorTarget{space: s, id: d.ID, name: d.Name, bound: s.breaksOf(d.ID), storable: true}
	}
	return refusal{errStubGone}
}

// callStubStore answers op_stub_store.
func (i *instance) callStubStore(a *ops.Reader, answer *ops.Batch) {
	ctx := uint32(a.Int())
	i.mu.Lock()
	c := i.contexts[ctx]
	if c == nil {
		i.mu.Unlock()
		isolate.CallError(answer, "Error", errContextGone.message)
		return
	}
	s := i.readService(c, a)
	i.mu.Unlock()
	d, f := describe(s, 0)
	if f != nil {
		isolate.CallError(answer, f.class, f.message)
		return
	}
	data, err := json.Marshal(d)
	if err != nil {
		isolate.CallError(answer, "Error", err.Error())
		return
	}
	isolate.CallResult(answer)
	answer.Data(data)
}

// callStubLoad answers op_stub_load.
func (i *instance) callStubLoad(a *ops.Reader, answer *ops.Batch) {
	ctx := uint32(a.Int())
	s, f := i.rt.readStored(a.Bytes())
	if f != nil {
		isolate.CallError(answer, f.class, f.message)
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	c := i.contexts[ctx]
	if c == nil {
		isolate.CallError(answer, "Error", errContextGone.message)
		return
	}
	isolate.CallResult(answer)
	answer.Int(int64(i.addChannel(c, s, false)))
}

// readStored reads what callStubStore has written.
func (rt *Runtime) readStored(data []byte) (service, *failure) {
	var d storedStub
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, errBadStub
	}
	return rt.find(&d, 0)
}

// callStubPersistent answers op_stub_persistent.
func (i *instance) callStubPersistent(a *ops.Reader, answer *ops.Batch) {
	i.mu.Lock()
	s := i.channel(a.Int())
	i.mu.Unlock()
	_, is := s.(*restored)
	if !is {
		_, is = s.(*recipe)
	}
	isolate.CallResult(answer)
	answer.Bool(is)
}
