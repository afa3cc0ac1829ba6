/** `latent-image generate` over 1,000 sources that are all generated, against the command's bare start-up. */
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, report, rounds } from './measure.mjs'
import { photograph } from './photograph.mjs'

const sources = 1_000
const root = fileURLToPath(new URL('..', import.meta.url))
const command = join(root, 'packages/cli/dist/bin.js')
const directory = await mkdtemp(join(tmpdir(), 'latent-image-bench-'))

async function makeProject(name, count) {
  const project = join(directory, name)
  await mkdir(join(project, 'media/photos'), { recursive: true })
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'), 'junction')
  await writeFile(
    join(project, 'latent-image.config.mjs'),
    `import { globSources } from '@latent-image/plugin-sources-glob'
import { imageSpec, resizeToFill } from '@latent-image/spec'
export default {
  generators: { thumbnail: imageSpec({ processors: [resizeToFill(64, 64)], format: 'jpeg' }) },
  sources: [globSources({ for: '**', patterns: 'photos/*.jpg' })],
}
`,
  )
  const picture = await photograph(160, 120)
  for (let index = 0; index < count; index++) await writeFile(join(project, `media/photos/${index}.jpg`), picture)
  return project
}

function generate(cwd) {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [command, 'generate'], { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return performance.now() - started
}

const [empty, full] = [await makeProject('empty', 0), await makeProject('full', sources)]
const cold = generate(full)
const results = await rounds(7, {
  'start-up, no source': () => generate(empty),
  'warm, 1,000 sources': () => generate(full),
})
const [startUp, warm] = Object.values(results).map(median)
report('latent-image generate (median of 7 interleaved rounds)', [
  ['cold, 1,000 sources', `${Math.round(cold)} ms`],
  ['start-up, no source', `${Math.round(startUp)} ms`],
  ['warm, 1,000 sources', `${Math.round(warm)} ms`],
  ['warm beyond start-up', `${Math.round(warm - startUp)} ms`],
])
await rm(directory, { recursive: true })
