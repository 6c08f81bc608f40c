// Sums what the notes say of time, part by part, and compares with the agenda.
//
// The first line of every slide's note is one of these, in minutes:
//   Time: 3 min   Demo: 5 min   Exercise: 10 min   Break: 15 min
// A part begins with a slide whose note says also, for its sum and the break in it:
//   Part: Hour 1, 60 min, 15 min of them break
import { execFileSync } from 'node:child_process'

const kinds = ['Time', 'Demo', 'Exercise', 'Break']
const troubles = []

// The notes of a deck, a text for each slide.
function notes(deck) {
  const text = execFileSync('node_modules/.bin/marp',
    ['--config', 'marp.config.mjs', '--no-stdin', '--notes', '-o', '-', deck],
    { encoding: 'utf8', stdio: 'pipe' })
  return text.split('\n\n---\n\n')
}

function begin(note) {
  const part = /^Part: (.*), (\d+) min(?:, (\d+) min of them break)?$/m.exec(note)
  return part && { name: part[1], all: Number(part[2]), breaks: Number(part[3] ?? 0), slides: 0,
    Time: 0, Demo: 0, Exercise: 0, Break: 0 }
}

function add(part, note, where) {
  const [, kind, minutes] = /^(\w+): (\d+(?:\.5)?) min$/m.exec(note.split('\n')[0]) ?? []
  part.slides++
  if (kinds.includes(kind)) part[kind] += Number(minutes)
  else troubles.push(`${where}: the note does not begin with a line like Time: 3 min`)
}

function parts(deck) {
  const found = []
  notes(deck).forEach((note, i) => {
    const part = begin(note)
    if (part) found.push(part)
    if (found.length > 0) add(found.at(-1), note, `${deck}, slide ${i + 1}`)
    else troubles.push(`${deck}: the first slide's note has no line Part:`)
  })
  return found
}

function report(deck, part) {
  const sum = kinds.reduce((all, kind) => all + part[kind], 0)
  const cells = kinds.map((kind) => `${kind.toLowerCase()} ${part[kind]}`.padEnd(13))
  console.log(`  ${part.name.padEnd(10)} ${String(part.slides).padStart(3)} slides   ${cells.join('')} sum ${sum} min`)
  if (sum !== part.all || part.Break !== part.breaks)
    troubles.push(`${deck}, ${part.name}: ${sum} min with ${part.Break} of break, not ${part.all} with ${part.breaks}`)
}

for (const path of process.argv.slice(2)) {
  const deck = path.replace('./', '')
  console.log(deck)
  for (const part of parts(deck)) report(deck, part)
}
for (const trouble of troubles) console.error(trouble)
process.exitCode = troubles.length > 0 ? 1 : 0
