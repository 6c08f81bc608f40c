// Draws what the exercises' READMEs show, ../../slides/diagrams/NAME.svg, from
// NAME.dot into the folder that is given.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { drawFile } from './draw.mjs'

const exercises = new URL('../exercises/', import.meta.url)
const texts = readdirSync(exercises)
  .filter((name) => /^\d/.test(name))
  .map((name) => readFileSync(new URL(`${name}/README.md`, exercises), 'utf8'))

for (const [, name] of texts.join('').matchAll(/slides\/diagrams\/(\w+)\.svg/g))
  writeFileSync(`${process.argv[2]}/${name}.svg`, drawFile(name))
