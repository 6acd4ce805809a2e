package supervise

import (
	"slices"
	"time"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
)

// balance makes engines serve, starts those that are missing and kills those that are overdue. It returns after what time to look again.
func (s *supervisor) balance() time.Duration {
	now := time.Now()
	wait := s.overdue(now)
	for _, c := range s.children {
		if c.stage != draining {
			continue
		}
		if left := c.deadline.Sub(now); left <= 0 {
			c.kill()
		} else {
			wait = min(wait, left)
		}
	}
	if s.stopping {
		return wait
	}
	s.promote(now)
	if !s.up {
		if s.count(serving) < s.Engines {
			return wait
		}
		s.up = true
		s.Serving()
	}
	for missing := s.Engines + 1 - s.alive(); missing > 0; missing-- {
		if left := s.nextStart.Sub(now); left > 0 {
			return min(wait, left)
		}
		if err := s.start(); err != nil {
			s.delay()
			s.Log(true, "", "an engine does not start: "+err.Error())
			return min(wait, s.pause)
		}
	}
	return wait
}

// promote lets warm engines serve in the place of those that are gone, then of those that want to go.
func (s *supervisor) promote(now time.Time) {
	for _, c := range s.children {
		if c.stage != warm || c.gone {
			continue
		}
		old := s.retiring()
		if s.count(serving) >= s.Engines && old == nil {
			return
		}
		if s.count(serving) < s.Engines {
			old = nil
		}
		if c.alone && s.others() {
			if old != nil {
				s.drain(old, min(s.DrainTime, handOver))
			}
			return
		}
		if !c.send(&control.Message{Kind: control.Serve, Held: s.blame.held(now)}) {
			continue
		}
		c.stage = serving
		if old != nil {
			s.drain(old, s.DrainTime)
		}
	}
}

// others says whether processes are left that have served: what one holds is free only when it has ended.
func (s *supervisor) others() bool {
	return slices.ContainsFunc(s.children, func(c *child) bool { return c.stage == serving || c.stage == draining })
}

// retiring finds an engine that wants to be replaced.
func (s *supervisor) retiring() *child {
	for _, c := range s.children {
		if c.retires && c.stage == serving && !c.gone {
			return c
		}
	}
	return nil
}

func (s *supervisor) count(at stage) (n int) {
	for _, c := range s.children {
		if c.stage == at && !c.gone {
			n++
		}
	}
	return n
}

// alive counts the engines that serve or will.
func (s *supervisor) alive() int { return s.count(starting) + s.count(warm) + s.count(serving) }
