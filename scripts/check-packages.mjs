/**
 * Holds the packages to one shape: the same files, the same fields, one version, references that match dependencies.
 * `--write` mends what a program can mend (versions after `lerna version`, say); `--root` checks another folder.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { importsOf, sourcesIn } from './imports-of.mjs'

const { values: flags } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
  },
})

const scope = '@latent-image/'
const kernel = `${scope}kernel`
const dependencyFields = ['dependencies', 'peerDependencies', 'devDependencies']
const problems = []
const lerna = readJson('lerna.json')
const range = `^${lerna.version}`
const packages = foldersIn('packages')
const rootPackage = readJson('package.json')

for (const folder of packages) {
  checkFiles(folder)
  checkManifest(folder)
  checkImports(folder)
  checkReferences(folder)
}
for (const folder of foldersIn('examples')) checkExample(folder)
checkRootReferences()

if (problems.length > 0) {
  console.error(problems.join('\n'))
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  console.error(`\n${count} in the packages. \`npm run fix\` mends versions, fields and references.`)
  process.exitCode = 1
} else {
  console.log(`Checked ${packages.length} packages, version ${lerna.version}.`)
}

function checkFiles(folder) {
  const manifest = readJson(`packages/${folder}/package.json`)
  const wanted = [
    'LICENSE',
    'README.md',
    'package.json',
    'src',
    'test',
    'tsconfig.json',
    ...(manifest.bin ? ['bin'] : []),
  ]
  const found = readdirSync(path('packages', folder)).filter((name) => !['dist', 'node_modules'].includes(name))
  for (const name of wanted.filter((name) => !found.includes(name))) report(folder, `has no \`${name}\``)
  for (const name of found.filter((name) => !wanted.includes(name) && name !== 'CHANGELOG.md')) {
    report(folder, `has \`${name}\`, which other packages have not`)
  }
  if (!sourcesIn(path('packages', folder, 'src')).some((file) => file.endsWith('/src/index.ts')))
    report(folder, 'has no `src/index.ts`')
  if (!sourcesIn(path('packages', folder, 'test')).some((file) => file.endsWith('.test.ts')))
    report(folder, 'has no tests')
}

function checkManifest(folder) {
  const file = `packages/${folder}/package.json`
  const found = readJson(file)
  const mended = {
    ...found,
    name: scope + folder,
    version: lerna.version,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { [`${scope}source`]: './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    },
    types: './dist/index.d.ts',
    files: [...(found.bin ? ['bin'] : []), 'dist', 'src', '!dist/.tsbuildinfo'],
    engines: rootPackage.engines,
    publishConfig: { access: 'public' },
  }
  withCurrentRanges(mended)
  if (mended.name !== kernel) {
    mended.peerDependencies = { ...mended.peerDependencies, [kernel]: range }
    mended.devDependencies = { ...mended.devDependencies, [kernel]: range }
  }
  mend(file, found, mended)

  if (!found.description?.endsWith('.')) report(folder, 'needs a `description` that is a sentence')
  if (!found.keywords?.includes('latent-image')) report(folder, 'needs `latent-image` among its `keywords`')
  for (const field of dependencyFields) {
    for (const name of internal(found[field]).filter((name) => !packages.includes(name.slice(scope.length)))) {
      report(folder, `names \`${name}\` in \`${field}\`, and there is no such package`)
    }
  }
}

/** What is imported must be declared, and what is declared must be of use: imported, or the peer of a dependency. */
function checkImports(folder) {
  const manifest = readJson(`packages/${folder}/package.json`)
  const published = { ...manifest.dependencies, ...manifest.peerDependencies }
  const everything = { ...published, ...manifest.devDependencies, ...rootPackage.devDependencies }
  for (const [directory, declared] of [
    ['src', published],
    ['test', everything],
  ]) {
    for (const name of importsOf(path('packages', folder, directory))) {
      if (name !== manifest.name && !(name in declared)) {
        report(folder, `imports \`${name}\` in \`${directory}\` without declaring it in its package.json`)
      }
    }
  }
  const used = importsOf(path('packages', folder, 'src'))
  const peers = Object.keys(manifest.dependencies ?? {}).flatMap((name) => peersOf(folder, name))
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (!used.has(name) && !peers.includes(name)) report(folder, `declares \`${name}\` and never imports it`)
  }
}

function checkReferences(folder) {
  const file = `packages/${folder}/tsconfig.json`
  const manifest = readJson(`packages/${folder}/package.json`)
  const names = internal({ ...manifest.dependencies, ...manifest.peerDependencies })
  mend(file, readJson(file), {
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    references: names.sort().map((name) => ({ path: `../${name.slice(scope.length)}` })),
  })
}

function checkRootReferences() {
  const found = readJson('tsconfig.json')
  const wanted = packages.map((folder) => ({ path: `packages/${folder}` }))
  mend('tsconfig.json', found, { ...found, references: wanted })
}

function checkExample(folder) {
  const file = `examples/${folder}/package.json`
  const found = readJson(file)
  mend(file, found, withCurrentRanges({ ...found, private: true, type: 'module', version: lerna.version }))
}

/** Gives every dependency on another package of the repository the range of the current version. */
function withCurrentRanges(manifest) {
  for (const field of dependencyFields) {
    if (!manifest[field]) continue
    const current = Object.fromEntries(internal(manifest[field]).map((name) => [name, range]))
    manifest[field] = { ...manifest[field], ...current }
  }
  return manifest
}

/** Writes what differs, or reports it by key. */
function mend(file, found, mended) {
  const keys = Object.keys(mended).filter((key) => !isDeepStrictEqual(found[key], mended[key]))
  if (keys.length === 0) return
  if (flags.write) return writeFileSync(path(file), `${JSON.stringify(mended, null, 2)}\n`)
  for (const key of keys) {
    problems.push(`${file}: \`${key}\` is ${JSON.stringify(found[key])}, expected ${JSON.stringify(mended[key])}`)
  }
}

function peersOf(folder, dependency) {
  const candidates = [`packages/${folder}/node_modules/${dependency}`, `node_modules/${dependency}`]
  const installed = candidates.map((candidate) => `${candidate}/package.json`).find((file) => existsSync(path(file)))
  return installed ? Object.keys(readJson(installed).peerDependencies ?? {}) : []
}

function internal(dependencies = {}) {
  return Object.keys(dependencies).filter((name) => name.startsWith(scope))
}

function foldersIn(directory) {
  if (!existsSync(path(directory))) return []
  return readdirSync(path(directory)).filter((name) => existsSync(path(directory, name, 'package.json')))
}

function report(folder, what) {
  problems.push(`packages/${folder} ${what}`)
}

function readJson(file) {
  return JSON.parse(readFileSync(path(file), 'utf8'))
}

function path(...segments) {
  return join(flags.root, ...segments)
}
