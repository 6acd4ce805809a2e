package hostops

import "sync"

// maxKeys bounds what [Keys] remembers.
const maxKeys = 64

// Keys remembers what was made of the bytes of keys that are in use, because schedules and checks cost more than many an operation.
// It is found by those very bytes, so it tells nothing to who has no key. Its owner is one worker's instance, with which it goes.
// The zero value is ready; it may be used by several goroutines at once.
type Keys struct {
	// Stop says, now and then asked by operations that can take long, that they are to give up with [ErrStopped]. Nil never does.
	Stop func() bool
	// Slow is for who runs operations that take long, so that there is one at a time.
	Slow sync.Mutex

	root *Keys // who remembers, if it is another one

	mu     sync.Mutex
	parsed [keyKinds]map[string]any
	count  int
}

// Until gives the same keys for an operation that stop ends.
func (k *Keys) Until(stop func() bool) *Keys { return &Keys{root: k, Stop: stop} }

// ErrStopped says that an operation has given up.
var ErrStopped = NewOpError("Error", "The operation was stopped.", nil)

func (k *Keys) stopped() bool { return k.Stop != nil && k.Stop() }

// A keyKind says what was made of the bytes.
type keyKind int

const (
	keyGCM keyKind = iota
	keyBlock
	keyECDSA
	keyECPublic
	keyRSA
	keyRSAPublic
	keyEd25519
	keyKinds
)

// cachedKey returns what parse makes of data, perhaps what it made before. Values are shared, so they must not change.
func cachedKey[T any](k *Keys, kind keyKind, data []byte, parse func([]byte) (T, error)) (T, error) {
	if k.root != nil {
		k = k.root
	}
	k.mu.Lock()
	found, ok := k.parsed[kind][string(data)]
	k.mu.Unlock()
	if ok {
		return found.(T), nil
	}
	value, err := parse(data)
	if err != nil {
		return value, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.count >= maxKeys {
		clear(k.parsed[:])
		k.count = 0
	}
	if k.parsed[kind] == nil {
		k.parsed[kind] = make(map[string]any)
	}
	k.parsed[kind][string(data)] = value
	k.count++
	return value, nil
}
