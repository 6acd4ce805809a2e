package hostops

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// elapsed returns a fire function that records when it is called, and what it recorded, in milliseconds since now.
func elapsed() (fire func(), times func() []int) {
	var mu sync.Mutex
	var at []int
	start := time.Now()
	fire = func() {
		mu.Lock()
		defer mu.Unlock()
		at = append(at, int(time.Since(start)/time.Millisecond))
	}
	times = func() []int {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(at)
	}
	return fire, times
}

func wantTimes(t *testing.T, times func() []int, want ...int) {
	t.Helper()
	synctest.Wait()
	if got := times(); !slices.Equal(got, want) {
		t.Errorf("fired at %v ms, want %v", got, want)
	}
}

func TestTimerFiresOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, 10*time.Millisecond, false, fire)
		time.Sleep(9 * time.Millisecond)
		wantTimes(t, times)
		time.Sleep(time.Second)
		wantTimes(t, times, 10)
		if n := timers.Len(); n != 0 {
			t.Errorf("%d timers left", n)
		}
		if timers.Stop(TimerKey{1, 1}) {
			t.Error("Stop after the expiry said that it stopped something")
		}
	})
}

func TestTimerWithoutDelayFiresAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, 0, false, fire)
		timers.Start(TimerKey{1, 2}, -time.Hour, false, fire)
		time.Sleep(time.Nanosecond) // of the bubble's clock
		wantTimes(t, times, 0, 0)
	})
}

func TestTimerRepeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, 10*time.Millisecond, true, fire)
		time.Sleep(35 * time.Millisecond)
		wantTimes(t, times, 10, 20, 30)
		if !timers.Stop(TimerKey{1, 1}) {
			t.Error("Stop of a pending interval said no")
		}
		time.Sleep(time.Second)
		wantTimes(t, times, 10, 20, 30)
	})
}

func TestTimerRepeatHasAFloor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, 0, true, fire)
		time.Sleep(3*time.Millisecond + 1)
		timers.Stop(TimerKey{1, 1})
		wantTimes(t, times, 1, 2, 3)
	})
}

func TestSlowRepeatSkipsWhatPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, 10*time.Millisecond, true, func() {
			fire()
			if len(times()) == 1 {
				time.Sleep(25 * time.Millisecond) // until 35
			}
		})
		time.Sleep(55 * time.Millisecond)
		timers.Stop(TimerKey{1, 1})
		wantTimes(t, times, 10, 40, 50)
	})
}

func TestTimersOfAContextFireInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		var got []int // without a lock: timers of one context exclude each other
		record := func(n int) func() { return func() { got = append(got, n) } }
		for i := range 50 {
			timers.Start(TimerKey{1, uint64(i)}, 5*time.Millisecond, false, record(50+i))
		}
		for i := range 50 {
			timers.Start(TimerKey{1, uint64(100 + i)}, time.Duration(50-i)*time.Microsecond, false, record(49-i))
		}
		timers.Start(TimerKey{1, 200}, 5*time.Millisecond, false, record(100))
		time.Sleep(time.Second)
		synctest.Wait()
		want := make([]int, 101)
		for i := range want {
			want[i] = i
		}
		if !slices.Equal(got, want) {
			t.Errorf("fired in order %v", got)
		}
	})
}

func TestASlowContextHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, time.Millisecond, false, func() { time.Sleep(100 * time.Millisecond) })
		timers.Start(TimerKey{1, 2}, 2*time.Millisecond, false, fire)
		timers.Start(TimerKey{1 + timerShards, 1}, 3*time.Millisecond, false, fire) // same shard
		time.Sleep(time.Second)
		wantTimes(t, times, 3, 101)
	})
}

func TestStopBeforeExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, 10*time.Millisecond, false, fire)
		if !timers.Stop(TimerKey{1, 1}) || timers.Stop(TimerKey{1, 1}) || timers.Stop(TimerKey{2, 1}) {
			t.Error("Stop must report true once, and only for a timer that exists")
		}
		time.Sleep(time.Second)
		wantTimes(t, times)
	})
}

func TestStopWhileFiring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fired := 0
		timers.Start(TimerKey{1, 1}, time.Millisecond, true, func() {
			fired++
			if timers.Stop(TimerKey{1, 1}) {
				t.Error("Stop from inside fire said that fire will not run")
			}
		})
		time.Sleep(time.Second)
		synctest.Wait()
		if fired != 1 || timers.Len() != 0 {
			t.Errorf("fired %d times, %d timers left", fired, timers.Len())
		}
	})
}

func TestStartReplaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, 10*time.Millisecond, false, func() { t.Error("the replaced timer fired") })
		timers.Start(TimerKey{1, 1}, 20*time.Millisecond, false, fire)
		time.Sleep(time.Second)
		wantTimes(t, times, 20)
	})
}

func TestReplaceFromInsideFire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		timers.Start(TimerKey{1, 1}, 10*time.Millisecond, true, func() {
			timers.Start(TimerKey{1, 1}, 5*time.Millisecond, false, fire)
		})
		time.Sleep(time.Second)
		wantTimes(t, times, 15)
	})
}

func TestStopContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		fire, times := elapsed()
		never := func() { t.Error("a timer of the ended context fired") }
		timers.Start(TimerKey{1, 1}, 10*time.Millisecond, false, never)
		timers.Start(TimerKey{1, 2}, 10*time.Millisecond, true, never)
		timers.Start(TimerKey{1 + timerShards, 1}, 10*time.Millisecond, false, fire) // same shard
		if n := timers.StopContext(1); n != 2 {
			t.Errorf("StopContext stopped %d, want 2", n)
		}
		if n := timers.StopContext(1); n != 0 {
			t.Errorf("StopContext stopped %d the second time", n)
		}
		time.Sleep(time.Second)
		wantTimes(t, times, 10)
	})
}

func TestCloseRefusesNewTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := NewTimers()
		never := func() { t.Error("fired after Close") }
		timers.Start(TimerKey{1, 1}, 10*time.Millisecond, false, never)
		timers.Start(TimerKey{2, 1}, 10*time.Millisecond, true, never)
		timers.Close()
		timers.Start(TimerKey{3, 1}, 10*time.Millisecond, false, never)
		time.Sleep(time.Second)
		if n := timers.Len(); n != 0 {
			t.Errorf("%d timers left", n)
		}
	})
}

// A model in plain sight: what is pending, by due time and order of Start.
func TestTimersAgainstModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seed := uint64(time.Now().UnixNano())
		rng := rand.New(rand.NewPCG(seed, 1))
		type entry struct {
			id  uint64
			due time.Time
		}
		timers := NewTimers()
		var model []entry
		var mu sync.Mutex
		var got, want []uint64
		drop := func(id uint64) bool {
			n := len(model)
			model = slices.DeleteFunc(model, func(e entry) bool { return e.id == id })
			return len(model) < n
		}
		expireModel := func() {
			slices.SortStableFunc(model, func(a, b entry) int { return a.due.Compare(b.due) })
			for len(model) > 0 && !model[0].due.After(time.Now()) {
				want = append(want, model[0].id)
				model = model[1:]
			}
		}
		for range 3000 {
			id := rng.Uint64N(40)
			switch rng.IntN(4) {
			case 0, 1:
				delay := time.Duration(rng.IntN(20)) * time.Millisecond
				drop(id)
				model = append(model, entry{id, time.Now().Add(delay)})
				timers.Start(TimerKey{7, id}, delay, false, func() {
					mu.Lock()
					defer mu.Unlock()
					got = append(got, id)
				})
			case 2:
				if timers.Stop(TimerKey{7, id}) != drop(id) {
					t.Fatalf("Stop disagrees with the model (seed %d)", seed)
				}
			case 3:
				// Half a millisecond off, so that nothing is due exactly when the test goes on.
				time.Sleep(time.Duration(rng.IntN(4))*time.Millisecond + time.Microsecond)
			}
			synctest.Wait()
			mu.Lock()
			expireModel()
			if !slices.Equal(got, want) || timers.Len() != len(model) {
				t.Fatalf("fired %v, want %v; %d left, want %d (seed %d)", got, want, timers.Len(), len(model), seed)
			}
			got, want = got[:0], want[:0]
			mu.Unlock()
		}
		timers.Close()
	})
}

// Every timer either fires exactly once or is stopped by a Stop that says so, never both and never neither.
func TestHammerTimers(t *testing.T) {
	timers := NewTimers()
	defer timers.Close()
	const contexts, each = 8, 2000
	var all, fires sync.WaitGroup
	var stopped, fired atomic.Int64
	for context := range uint64(contexts) {
		all.Go(func() {
			for id := range uint64(each) {
				var state atomic.Int32 // 1 after fire
				key := TimerKey{context % 3, context*each + id}
				fires.Add(1)
				timers.Start(key, time.Duration(id%50)*time.Microsecond, false, func() {
					if state.Add(1) != 1 {
						t.Error("fired twice")
					}
					fired.Add(1)
					fires.Done()
				})
				if id%2 == 0 {
					if before := state.Load(); timers.Stop(key) {
						if before != 0 || state.Load() != 0 {
							t.Error("Stop said yes to a timer that fired")
						}
						stopped.Add(1)
						fires.Done()
					}
				}
			}
		})
	}
	all.Wait()
	fires.Wait()
	if stopped.Load()+fired.Load() != contexts*each || timers.Len() != 0 {
		t.Errorf("%d stopped + %d fired of %d, %d left", stopped.Load(), fired.Load(), contexts*each, timers.Len())
	}
}

func BenchmarkTimerStartStop(b *testing.B) {
	timers := NewTimers()
	b.ReportAllocs()
	var context atomic.Uint64
	b.RunParallel(func(pb *testing.PB) {
		key := TimerKey{Context: context.Add(1)}
		for pb.Next() {
			key.ID++
			timers.Start(key, time.Minute, false, func() {})
			timers.Stop(key)
		}
	})
}

func BenchmarkTimerFire(b *testing.B) {
	timers := NewTimers()
	b.ReportAllocs()
	var wg sync.WaitGroup
	for i := range b.N {
		wg.Add(1)
		timers.Start(TimerKey{1, uint64(i)}, time.Millisecond, false, wg.Done)
	}
	wg.Wait()
}
