package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func open(t *testing.T, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func object(t *testing.T, s *Store, id string) *Object {
	t.Helper()
	o, err := s.Object("space", id)
	require.NoError(t, err)
	t.Cleanup(o.Release)
	return o
}

// flush waits until what is committed is durable.
func flush(o *Object) error {
	done := make(chan error, 1)
	o.Flush(func(err error) { done <- err })
	return <-done
}

func commit(t *testing.T, o *Object) {
	t.Helper()
	require.NoError(t, o.Commit())
	require.NoError(t, flush(o))
}

func keys(t *testing.T, o *Object, r Range) string {
	t.Helper()
	entries, err := o.List(r)
	require.NoError(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Key+"="+string(e.Value))
	}
	return strings.Join(all, " ")
}

func put(t *testing.T, o *Object, entries ...string) {
	t.Helper()
	for _, e := range entries {
		key, value, _ := strings.Cut(e, "=")
		require.NoError(t, o.Put(key, []byte(value)))
	}
}

// each runs a test on a folder and in memory.
func each(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("disk", func(t *testing.T) { test(t, open(t, t.TempDir(), Options{})) })
	t.Run("memory", func(t *testing.T) {
		s := InMemory()
		t.Cleanup(func() { assert.NoError(t, s.Close()) })
		test(t, s)
	})
}

func TestValues(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		o := object(t, s, "a")
		_, found, err := o.Get("x")
		require.NoError(t, err)
		assert.False(t, found)
		assert.False(t, o.Dirty(), "reading opens no transaction")

		put(t, o, "x=1", "empty=", "x=2", "nul\x00key=é")
		require.NoError(t, o.Put("nil", nil))
		assert.True(t, o.Dirty())
		commit(t, o)
		assert.False(t, o.Dirty())
		assert.Equal(t, "empty= nil= nul\x00key=é x=2", keys(t, o, Range{}))
		value, found, err := o.Get("nil")
		require.NoError(t, err)
		assert.True(t, found && len(value) == 0)

		for _, there := range []bool{true, false} {
			was, err := o.Delete("x")
			require.NoError(t, err)
			assert.Equal(t, there, was)
		}
	})
}

func TestRanges(t *testing.T) {
	o := object(t, open(t, t.TempDir(), Options{}), "a")
	put(t, o, "a=", "b1=", "b2=", "b\xf4\x8f\xbf\xbf=", "c=", "é=")
	for _, test := range []struct {
		r    Range
		want string
	}{
		{Range{}, "a= b1= b2= b\U0010ffff= c= é="},
		{Range{Reverse: true, Limit: 2}, "é= c="},
		{Range{Start: "b2"}, "b2= b\U0010ffff= c= é="},
		{Range{Start: "b1", End: "c", Limit: 2}, "b1= b2="},
		{Range{Start: "b1", End: "c", Limit: 2, Reverse: true}, "b\U0010ffff= b2="},
		{Range{Start: "c", End: "b"}, ""},
		{PrefixRange("b"), "b1= b2= b\U0010ffff="},
		{PrefixRange("b\U0010ffff"), "b\U0010ffff="},
		{PrefixRange(""), "a= b1= b2= b\U0010ffff= c= é="},
	} {
		assert.Equal(t, test.want, keys(t, o, test.r), "%+v", test.r)
	}
	assert.Equal(t, Range{Start: "\xff\xff"}, PrefixRange("\xff\xff"), "nothing comes after all of these")
}

func TestTransactions(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		o := object(t, s, "a")
		put(t, o, "first=")
		require.NoError(t, o.Rollback())
		assert.Equal(t, "", keys(t, o, Range{}), "the table has gone too")

		put(t, o, "a=1")
		require.NoError(t, o.Savepoint())
		put(t, o, "a=2", "b=")
		require.NoError(t, o.Savepoint())
		put(t, o, "c=")
		require.NoError(t, o.ReleaseSavepoint())
		assert.Equal(t, "a=2 b= c=", keys(t, o, Range{}))
		require.NoError(t, o.RollbackTo())
		assert.Equal(t, "a=1", keys(t, o, Range{}))
		assert.Equal(t, errNoSavepoint, o.RollbackTo())
		require.NoError(t, o.SetAlarm(time.Unix(1, 5)))
		commit(t, o)
		require.NoError(t, o.DeleteAlarm())
		require.NoError(t, o.Rollback())
		at, set, err := o.Alarm()
		require.NoError(t, err)
		assert.True(t, set && at.Equal(time.Unix(1, 5)), at)
	})
}

func TestDeleteAll(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		o := object(t, s, "a")
		require.NoError(t, o.SetAlarm(time.Unix(7, 0)))
		put(t, o, "big="+strings.Repeat("x", 100_000))
		require.NoError(t, o.conn.run(`CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT);
			CREATE TABLE "a ""child" (p INTEGER REFERENCES parent(id));
			CREATE VIEW v AS SELECT * FROM parent; CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);
			INSERT INTO parent VALUES (1); INSERT INTO "a ""child" VALUES (1)`))
		require.NoError(t, o.DeleteAll())
		require.NoError(t, flush(o))

		assert.Equal(t, "", keys(t, o, Range{}))
		_, set, err := o.Alarm()
		require.NoError(t, err)
		assert.True(t, set, "the alarm stays")
		var left string
		_, err = o.conn.first("SELECT group_concat(name) FROM sqlite_master", nil, &left)
		require.NoError(t, err)
		assert.Equal(t, "_cf_METADATA", left)
		size, err := o.Size()
		require.NoError(t, err)
		assert.LessOrEqual(t, size, int64(4*4096))
		put(t, o, "a=1")
		commit(t, o)
		require.NoError(t, o.Check())
	})
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	_, err := Open(dir, Options{})
	require.ErrorIs(t, err, ErrLocked)
	assert.False(t, s.Exists("space", "a"))
	o := object(t, s, "a")
	put(t, o, "a=1")
	commit(t, o)
	put(t, o, "a=2") // never committed
	assert.True(t, s.Exists("space", "a"))
	require.NoError(t, s.Close())
	_, _, err = o.Get("a")
	require.ErrorIs(t, err, ErrClosed)
	require.ErrorIs(t, o.Put("a", nil), ErrClosed)
	require.ErrorIs(t, flush(o), ErrClosed)
	_, err = s.Object("space", "b")
	require.ErrorIs(t, err, ErrClosed)

	assert.Equal(t, "a=1", keys(t, object(t, open(t, dir, Options{}), "a"), Range{}))
	files, err := filepath.Glob(dir + "/objects/space/*")
	require.NoError(t, err)
	assert.NotContains(t, strings.Join(files, " "), "-shm")
}

// Objects in transactions stay open; of the others, few.
func TestBoundOfOpenFiles(t *testing.T) {
	s := open(t, t.TempDir(), Options{MaxOpen: 4})
	count := func() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.ring) }
	held := object(t, s, "held")
	put(t, held, "a=uncommitted")
	for i := range 30 {
		o, err := s.Object("space", fmt.Sprint(i))
		require.NoError(t, err)
		put(t, o, "i="+fmt.Sprint(i))
		commit(t, o)
		o.Release()
		require.LessOrEqual(t, count(), 4)
	}
	s.mu.Lock()
	assert.LessOrEqual(t, len(s.objects), 5, "an object that nobody has and that is closed costs nothing")
	s.mu.Unlock()
	commit(t, held)
	for i := range 30 {
		o, err := s.Object("space", fmt.Sprint(i))
		require.NoError(t, err)
		assert.Equal(t, "i="+fmt.Sprint(i), keys(t, o, Range{}))
		o.Release()
	}
	assert.Equal(t, "a=uncommitted", keys(t, held, Range{}))
}

func TestReleaseRollsBack(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	o, err := s.Object("space", "a")
	require.NoError(t, err)
	put(t, o, "a=1")
	commit(t, o)
	put(t, o, "a=2")
	o.Release()
	assert.Equal(t, "a=1", keys(t, object(t, s, "a"), Range{}))
}

func TestNewerAndDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	o := object(t, s, "newer")
	put(t, o, "a=1")
	require.NoError(t, o.conn.run("PRAGMA user_version=99"))
	commit(t, o)
	o = object(t, s, "damaged")
	put(t, o, "a="+strings.Repeat("x", 100_000))
	commit(t, o)
	require.NoError(t, s.Close())

	path := s.path(name{"space", "damaged"})
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("z", 4096)), 0)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	s = open(t, dir, Options{})
	_, _, err = object(t, s, "newer").Get("a")
	assert.ErrorIs(t, err, ErrNewer)
	_, _, err = object(t, s, "damaged").Get("a")
	assert.ErrorIs(t, err, ErrCorrupt)
}

// Each step that touches the disk fails once. What was acknowledged before is there afterwards, what failed is there as a whole or not at all.
func TestFaults(t *testing.T) {
	for _, step := range []string{"open", "begin", "commit", "sync"} {
		t.Run(step, func(t *testing.T) {
			armed := false
			s := open(t, t.TempDir(), Options{MaxOpen: 1, fault: func(at string) error {
				if armed && at == step {
					armed = false
					return syscall.ENOSPC
				}
				return nil
			}})
			o := object(t, s, "a")
			put(t, o, "a=1", "b=1")
			commit(t, o)
			other := object(t, s, "other")
			put(t, other, "x=")
			commit(t, other) // a is closed by this, at the latest by the next line
			put(t, object(t, s, "third"), "x=")

			armed = true
			err := o.Put("a", []byte("2"))
			if err == nil {
				err = errors.Join(o.Put("b", []byte("2")), o.Commit(), flush(o))
			}
			require.ErrorIs(t, err, syscall.ENOSPC)
			require.NoError(t, o.Reset())
			want := []string{"a=1 b=1"}
			if step == "sync" {
				want = append(want, "a=2 b=2") // nobody can say
			}
			assert.Contains(t, want, keys(t, o, Range{}))
			put(t, o, "c=3")
			commit(t, o)
			require.NoError(t, o.Check())
			put(t, other, "y=")
			commit(t, other)
		})
	}
}

// A file that may not grow is what a full disk looks like to SQLite.
func TestFull(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	o := object(t, s, "a")
	put(t, o, "a=1")
	commit(t, o)
	require.NoError(t, o.conn.run("PRAGMA max_page_count=8"))
	var err error
	for i := 0; err == nil && i < 100; i++ {
		err = o.Put(fmt.Sprint(i), make([]byte, 4096))
	}
	require.ErrorContains(t, err, "full")
	require.NoError(t, o.Reset())
	assert.Equal(t, "a=1", keys(t, o, Range{}))
	put(t, o, "a=2")
	commit(t, o)
}

// Commits that arrive during a sync share the next one.
func TestGroupCommit(t *testing.T) {
	syncs, entered, leave := 0, make(chan struct{}), make(chan struct{})
	s := open(t, t.TempDir(), Options{fault: func(step string) error {
		if step == "sync" {
			if syncs++; syncs == 1 {
				close(entered)
				<-leave
			}
		}
		return nil
	}})
	o := object(t, s, "a")
	var done sync.WaitGroup
	for i := range 10 {
		put(t, o, "i="+fmt.Sprint(i))
		require.NoError(t, o.Commit())
		done.Add(1)
		o.Flush(func(err error) { assert.NoError(t, err); done.Done() })
		if i == 0 {
			<-entered
		}
	}
	close(leave)
	done.Wait()
	assert.Equal(t, 2, syncs)
}

func TestFileNames(t *testing.T) {
	for text, want := range map[string]string{
		"":           "%",
		"..":         "%2e.",
		"a/b":        "a%2fb",
		"My-Class":   "%4dy-%43lass",
		"0af.-_z":    "0af.-_z",
		"%":          "%25",
		"a\x00é":     "a%00%c3%a9",
		".lock":      "%2elock",
		"sqlite-wal": "sqlite-wal",
	} {
		assert.Equal(t, want, fileName(text))
	}
	long := fileName(strings.Repeat("x", 1000))
	assert.Less(t, len(long), maxFileName)
	assert.NotEqual(t, long, fileName(strings.Repeat("x", 1001)))
}
