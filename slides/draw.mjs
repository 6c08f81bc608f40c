// Draws the pictures: slides/diagrams/NAME.dot in, SVG out.
//
// A source is Graphviz with every position pinned, in pixels of the slide, y
// upwards. Two attributes are ours:
//   class=server   what a thing is; diagrams/language.json has its shape,
//                  diagrams/style.css its colours
//   from=2 to=3    for pictures that build up: from which step to which step it
//                  is there, the last included; else it is there always
import { readFileSync } from 'node:fs'
import { Graphviz } from '@hpcc-js/wasm-graphviz'

const folder = new URL('diagrams/', import.meta.url)
const read = (name) => readFileSync(new URL(name, folder), 'utf8')
const graphviz = await Graphviz.load()
const language = JSON.parse(read('language.json'))

export const style = read('style.css')

const defaults = `
  graph [bgcolor=transparent splines=line outputorder=nodesfirst]
  node [fontname=Arial fontsize=24]
  edge [fontname=Arial fontsize=24]
`

// `class=server from=2` becomes `class="server from_2" shape=box ...`.
function inGraphviz(source, name) {
  return source.replace('{', `{${defaults}`).replace(/\bclass=(\w+)((?: (?:from|to)=\d+)*)/g, (_, kind, steps) => {
    if (!(kind in language))
      throw new Error(`${name}: no class ${kind} in diagrams/language.json`)
    return `class="${kind}${steps.replaceAll('=', '_')}" ${language[kind]}`
  })
}

const isThere = (classes, step) =>
  classes.split(' ').every((word) => {
    const [bound, number] = word.split('_')
    return bound === 'from' ? number <= step : bound === 'to' ? number >= step : true
  })

// The picture NAME as it is at a step: an <svg> element without colours of its
// own, for a page that has diagrams/style.css.
export function draw(name, step, alt) {
  const source = read(`${name}.dot`)
  const drawn = graphviz.layout(inGraphviz(source, name), 'svg', 'nop')
  const [, width, height] = /viewBox="\S+ \S+ (\S+) (\S+)"/.exec(drawn)
  const inside = drawn
    .slice(drawn.indexOf('<g id="graph0"'), drawn.lastIndexOf('</svg>'))
    .replace(/<!--.*?-->\n|<title>.*?<\/title>\n|<polygon fill="white" stroke="none".*?\/>\n| id="\w+"/gs, '')
    .replace(/<g class="(?:node|edge) ([^"]*)">.*?<\/g>\n/gs, (group, classes) =>
      step === undefined || isThere(classes, step) ? group : '')
  return `<svg class="picture" role="img" aria-label="${escape(alt)}" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n${inside}</svg>\n`
}

// The whole picture NAME as a file that stands alone, light or dark as its reader
// likes it.
export function drawFile(name) {
  const dark = /section\.invert svg\.picture \{([^}]*)\}/.exec(style)[1]
  const head = `<style>${style}@media (prefers-color-scheme: dark) { svg.picture {${dark}} }</style>
<rect width="100%" height="100%" style="fill: var(--paper)"/>
`
  return draw(name, undefined, name).replace('<g class="graph"', `${head}<g class="graph"`)
}

const escape = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
