package wdconfig

import (
	"reflect"
	"strings"
)

// A schemaField is a field of a struct of the schema, as its tags say.
type schemaField struct {
	index  int
	name   string
	union  bool
	enum   []string
	absent string
}

// schemaFields lists the fields of a struct of the schema; the first is the one that a bare value goes to.
func schemaFields(t reflect.Type) []schemaField {
	list := make([]schemaField, 0, t.NumField())
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		name, rest, _ := strings.Cut(tag.Get("wd"), ",")
		if name == "" { // the Node
			continue
		}
		f := schemaField{index: i, name: name, union: rest == "union", absent: tag.Get("absent")}
		if enum := tag.Get("enum"); enum != "" {
			f.enum = strings.Split(enum, "|")
		}
		list = append(list, f)
	}
	return list
}

// schemaTypes are the types that a const can have, by their paths below the schema.
var schemaTypes = []struct {
	path string
	typ  reflect.Type
}{
	{"Config", reflect.TypeFor[Config]()},
	{"LoggingOptions", reflect.TypeFor[LoggingOptions]()},
	{"ClusterConfig", reflect.TypeFor[Cluster]()},
	{"Socket", reflect.TypeFor[Socket]()},
	{"Service", reflect.TypeFor[Service]()},
	{"ServiceDesignator", reflect.TypeFor[ServiceDesignator]()},
	{"ExternalServer", reflect.TypeFor[ExternalServer]()},
	{"Network", reflect.TypeFor[Network]()},
	{"DiskDirectory", reflect.TypeFor[DiskDirectory]()},
	{"ClusterBucket", reflect.TypeFor[ClusterBucket]()},
	{"AssetsService", reflect.TypeFor[AssetsService]()},
	{"HttpOptions", reflect.TypeFor[HTTPOptions]()},
	{"HttpOptions.Header", reflect.TypeFor[Header]()},
	{"TlsOptions", reflect.TypeFor[TLSOptions]()},
	{"TlsOptions.Keypair", reflect.TypeFor[Keypair]()},
	{"Extension", reflect.TypeFor[Extension]()},
	{"Extension.Module", reflect.TypeFor[ExtensionModule]()},
	{"WorkflowsEngine", reflect.TypeFor[WorkflowsEngine]()},
	{"WorkflowsEngine.Workflow", reflect.TypeFor[Workflow]()},
	{"Worker", reflect.TypeFor[Worker]()},
	{"Worker.Module", reflect.TypeFor[Module]()},
	{"Worker.Binding", reflect.TypeFor[Binding]()},
	{"Worker.Binding.Type", reflect.TypeFor[ParameterType]()},
	{"Worker.Binding.DurableObjectNamespaceDesignator", reflect.TypeFor[NamespaceRef]()},
	{"Worker.Binding.CryptoKey", reflect.TypeFor[CryptoKey]()},
	{"Worker.Binding.MemoryCacheLimits", reflect.TypeFor[MemoryCacheLimits]()},
	{"Worker.Binding.WrappedBinding", reflect.TypeFor[WrappedBinding]()},
	{"Worker.DurableObjectNamespace", reflect.TypeFor[DurableObjectNamespace]()},
	{"Worker.DurableObjectNamespace.ContainerOptions", reflect.TypeFor[Container]()},
	{"Worker.DurableObjectNamespace.ContainerOptions.ContainerPrivileges", reflect.TypeFor[ContainerPrivileges]()},
	{"Worker.DurableObjectNamespace.ContainerOptions.ContainerPrivileges.Device", reflect.TypeFor[Device]()},
	{"Worker.DurableObjectNamespace.ContainerOptions.NamedImage", reflect.TypeFor[NamedImage]()},
	{"Worker.DockerConfiguration", reflect.TypeFor[Docker]()},
}

// builtinTypes are those of the language. An integer const may go wherever its value fits, so all have one type.
var builtinTypes = map[string]reflect.Type{
	"Text": textType, "Data": bytesType, "Bool": boolType, "Void": voidType,
	"UInt8": integerType, "UInt16": integerType, "UInt32": integerType, "UInt64": integerType,
	"Int8": integerType, "Int16": integerType, "Int32": integerType, "Int64": integerType,
}

var (
	textType    = reflect.TypeFor[string]()
	bytesType   = reflect.TypeFor[[]byte]()
	boolType    = reflect.TypeFor[bool]()
	voidType    = reflect.TypeFor[Void]()
	integerType = reflect.TypeFor[uint64]()
)

// pathOf gives the path of a type, "" if it is a group, which has none.
func pathOf(t reflect.Type) string {
	for _, s := range schemaTypes {
		if s.typ == t {
			return s.path
		}
	}
	return ""
}

// describeType says what a value of a type looks like.
func describeType(t reflect.Type, enum []string) string {
	switch {
	case enum != nil:
		return "one of " + strings.Join(enum, ", ")
	case t == textType:
		return "a text"
	case t == bytesType:
		return "bytes: a text, 0x\"…\" or embed"
	case t == boolType:
		return "true or false"
	case t == voidType:
		return "void"
	case t.Kind() == reflect.Slice:
		return "a list, [ … ]"
	case t.Kind() == reflect.Uint32 || t.Kind() == reflect.Uint64:
		return "a whole number"
	}
	if path := pathOf(t); path != "" {
		return "fields of " + path[strings.LastIndexByte(path, '.')+1:] + ", ( field = value, … )"
	}
	return "fields, ( field = value, … )"
}
