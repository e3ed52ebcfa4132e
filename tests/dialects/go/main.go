// Renders templates as listmonk does: JSON {"Jobs": [{"Template", "Data", "Plain"}]} in, a JSON list of texts out.
package main

import (
	"bytes"
	"encoding/json"
	"html/template"
	"io"
	"os"
	"regexp"
	txttpl "text/template"

	"github.com/Masterminds/sprig"
)

type job struct {
	Template string
	Data     map[string]interface{}
	Plain    bool
}

type executed interface {
	Execute(io.Writer, interface{}) error
}

// The shorthand that listmonk gives the dot to (models/common.go).
var shorthand = regexp.MustCompile(`{{(\s+)?(UnsubscribeURL|ManageURL|MessageURL)(\s+)?}}`)

func page(name string) func(map[string]interface{}) string {
	return func(data map[string]interface{}) string {
		return data["Pages"].(map[string]interface{})[name].(string)
	}
}

func parsed(one job) (executed, error) {
	functions := map[string]interface{}{
		"Safe":           func(text string) template.HTML { return template.HTML(text) },
		"UnsubscribeURL": page("unsubscribe"),
		"MessageURL":     page("view_in_browser"),
		"ManageURL":      page("preferences"),
	}
	for name, function := range sprig.GenericFuncMap() {
		functions[name] = function
	}
	text := shorthand.ReplaceAllString(one.Template, `{{ $2 . }}`)
	if one.Plain {
		return txttpl.New("content").Funcs(functions).Parse(text)
	}
	return template.New("content").Funcs(functions).Parse(text)
}

func main() {
	var given struct{ Jobs []job }
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		panic(err)
	}
	texts := []string{}
	for _, one := range given.Jobs {
		var text bytes.Buffer
		tpl, err := parsed(one)
		if err == nil {
			err = tpl.Execute(&text, one.Data)
		}
		if err != nil {
			text.WriteString("ERROR: " + err.Error())
		}
		texts = append(texts, text.String())
	}
	if err := json.NewEncoder(os.Stdout).Encode(texts); err != nil {
		panic(err)
	}
}
