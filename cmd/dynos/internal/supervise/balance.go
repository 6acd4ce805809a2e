package supervise

import (
	"time"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
)

// balance makes engines serve, starts those that are missing and kills those that are overdue. It returns after what time to look again.
func (s *supervisor) balance() time.Duration {
	now := time.Now()
	wait := time.Hour
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
		if !c.send(&control.Message{Kind: control.Serve, Held: s.blame.held(now)}) {
			continue
		}
		c.stage = serving
		if old != nil {
			s.drain(old)
		}
	}
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
