package supervise

import (
	"slices"
	"time"

	"github.com/dynos-run/dynos/cmd/dynos/internal/control"
)

// measureTime is how long an engine may take to say what its figures are. One that is too busy is left out.
const measureTime = time.Second

// A Report is what the supervisor knows of its engines.
type Report struct {
	// Measured is what the engines that serve have answered to Measure.
	Measured []string
	// Serving, Spare and Draining engines are there; Starting ones count as spare.
	Serving, Spare, Draining int
	// Started and Died count engines since the supervisor began.
	Started, Died int
}

// A poll is a report in the making.
type poll struct {
	report   Report
	asked    []*child // that have not answered
	to       chan<- Report
	deadline time.Time
}

// measure asks all engines that serve.
func (s *supervisor) measure(to chan<- Report) {
	p := &poll{to: to, deadline: time.Now().Add(measureTime), report: Report{
		Serving: s.count(serving), Spare: s.count(starting) + s.count(warm), Draining: s.count(draining), Started: s.started, Died: s.deaths,
	}}
	for _, c := range s.children {
		if c.stage == serving && !c.gone && c.send(&control.Message{Kind: control.Measure}) {
			p.asked = append(p.asked, c)
		}
	}
	s.polls = append(s.polls, p)
	s.report(func(p *poll) bool { return len(p.asked) == 0 })
}

// measured gives an engine's answer to the first that waits for one; an empty one says that it is gone, to all.
func (s *supervisor) measured(c *child, text string) {
	for _, p := range s.polls {
		k := slices.Index(p.asked, c)
		if k < 0 {
			continue
		}
		p.asked = slices.Delete(p.asked, k, k+1)
		if text != "" {
			p.report.Measured = append(p.report.Measured, text)
			break
		}
	}
	s.report(func(p *poll) bool { return len(p.asked) == 0 })
}

// report hands out the reports that are ready.
func (s *supervisor) report(ready func(*poll) bool) {
	s.polls = slices.DeleteFunc(s.polls, func(p *poll) bool {
		if ready(p) {
			p.to <- p.report
			return true
		}
		return false
	})
}

// overdue hands out the reports that have waited for long enough, and returns when to look again.
func (s *supervisor) overdue(now time.Time) (wait time.Duration) {
	s.report(func(p *poll) bool { return !now.Before(p.deadline) })
	wait = time.Hour
	for _, p := range s.polls {
		wait = min(wait, p.deadline.Sub(now))
	}
	return wait
}
