package loader

// A Level is how urgent a record is, as console methods name it.
type Level string

// Levels.
const (
	LevelDebug Level = "debug"
	LevelLog   Level = "log"
	LevelInfo  Level = "info"
	LevelWarn  Level = "warn"
	LevelError Level = "error"
)

// A Record is one line of console output, or one exception that nobody caught.
type Record struct {
	// Worker is the name of the worker, for a dynamic one the id that its parent gave.
	Worker string
	Level  Level
	// Text may have several lines; places in stacks are those of the sources.
	Text string
}

// log passes a record on, with stack places mapped.
func (rt *Runtime) log(def *definition, level Level, text string) {
	if def.mapStack != nil && level == LevelError {
		text = def.mapStack(text)
	}
	rt.config.Log(Record{Worker: def.name, Level: level, Text: text})
}
