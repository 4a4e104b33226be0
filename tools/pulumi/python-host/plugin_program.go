package main

import (
	"path/filepath"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/encoding/protowire"
)

// Fields of the messages RunPluginRequest and ProgramInfo, which are newer than this host.
const (
	infoField             = 5
	programDirectoryField = 2
	entryPointField       = 3
)

// pluginProgram returns the path of a plugin's program, such as a policy pack. Current engines send it in the field
// info. This host only knows the field program, which they leave empty, and would run the project's own program.
func pluginProgram(req *pulumirpc.RunPluginRequest) string {
	if req.Program != "" {
		return req.Program
	}
	info := field(req.ProtoReflect().GetUnknown(), infoField)
	return filepath.Join(string(field(info, programDirectoryField)), string(field(info, entryPointField)))
}

// field returns the content of a string or message field in an encoded message; nothing if it is not set.
func field(message []byte, number protowire.Number) []byte {
	for len(message) > 0 {
		num, kind, tag := protowire.ConsumeTag(message)
		if tag < 0 {
			return nil
		}
		if num == number && kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(message[tag:])
			return value
		}
		size := protowire.ConsumeFieldValue(num, kind, message[tag:])
		if size < 0 {
			return nil
		}
		message = message[tag+size:]
	}
	return nil
}
