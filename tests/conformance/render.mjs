// The official MJML, as the measure: reads {name: mjml} as JSON, writes {name: {html, errors}}.
import { readFileSync } from 'node:fs'
import mjml2html from 'mjml'

const sources = JSON.parse(readFileSync(0, 'utf8'))
const made = {}
for (const [name, source] of Object.entries(sources)) {
  const { html, errors } = await mjml2html(source, { validationLevel: 'soft', keepComments: false, fonts: {} })
  made[name] = { html, errors: errors.map((error) => error.formattedMessage) }
}
process.stdout.write(JSON.stringify(made))
