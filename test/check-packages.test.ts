import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const script = fileURLToPath(new URL('../scripts/check-packages.mjs', import.meta.url))
const kernel = '@latent-image/kernel'

function manifest(name: string, more: object = {}): object {
  const isKernel = name === 'kernel'
  return {
    name: `@latent-image/${name}`,
    version: '1.2.3',
    description: 'A package.',
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { '@latent-image/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    },
    types: './dist/index.d.ts',
    files: ['dist', 'src', '!dist/.tsbuildinfo'],
    engines: { node: '>=20.19' },
    publishConfig: { access: 'public' },
    keywords: ['latent-image'],
    ...(!isKernel && { peerDependencies: { [kernel]: '^1.2.3' }, devDependencies: { [kernel]: '^1.2.3' } }),
    ...more,
  }
}

function tsconfig(...references: string[]): object {
  return {
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    references: references.map((name) => ({ path: `../${name}` })),
  }
}

function filesOf(name: string, index: string, ...references: string[]): Record<string, string | object> {
  return {
    [`packages/${name}/package.json`]: manifest(name),
    [`packages/${name}/tsconfig.json`]: tsconfig(...references),
    [`packages/${name}/README.md`]: name,
    [`packages/${name}/LICENSE`]: 'MIT',
    [`packages/${name}/src/index.ts`]: index,
    [`packages/${name}/test/a.test.ts`]: "import { test } from 'vitest'\n",
  }
}

/** A repository with nothing wrong in it, but for what is given: another content, or none. */
async function repositoryWith(changes: Record<string, string | object | null> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'latent-image-packages-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const files: Record<string, string | object | null> = {
    'package.json': { engines: { node: '>=20.19' }, devDependencies: { vitest: '1' } },
    'lerna.json': { version: '1.2.3' },
    'tsconfig.json': { files: [], references: [{ path: 'packages/kernel' }, { path: 'packages/plugin' }] },
    ...filesOf('kernel', 'export const a = 1\n'),
    ...filesOf('plugin', `import { join } from 'node:path'\nexport { a } from '${kernel}'\n`, 'kernel'),
    'examples/one/package.json': { name: 'one', version: '1.2.3', private: true, type: 'module' },
    ...changes,
  }
  for (const [name, content] of Object.entries(files)) {
    if (content === null) continue
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

function check(root: string, ...flags: string[]) {
  return spawnSync(process.execPath, [script, '--root', root, ...flags], { encoding: 'utf8' })
}

test('finds nothing wrong with packages of one shape', async () => {
  expect(check(await repositoryWith())).toMatchObject({ status: 0, stderr: '' })
})

test.each<[what: string, changes: Record<string, string | object | null>, told: string]>([
  ['a missing file', { 'packages/plugin/README.md': null }, 'packages/plugin has no `README.md`'],
  ['a file that others have not', { 'packages/plugin/notes.md': 'x' }, 'has `notes.md`'],
  ['a package without tests', { 'packages/plugin/test/a.test.ts': null, 'packages/plugin/test/b.ts': '' }, 'no tests'],
  ['another version', { 'packages/plugin/package.json': manifest('plugin', { version: '1.0.0' }) }, '`version`'],
  ['another license', { 'packages/plugin/package.json': manifest('plugin', { license: 'ISC' }) }, '`license`'],
  ['a second export', { 'packages/plugin/package.json': manifest('plugin', { exports: { './a': 1 } }) }, '`exports`'],
  ['side effects', { 'packages/plugin/package.json': manifest('plugin', { sideEffects: true }) }, '`sideEffects`'],
  [
    'a stale peer',
    { 'packages/plugin/package.json': manifest('plugin', { peerDependencies: { [kernel]: '^1.0.0' } }) },
    '`peerDependencies`',
  ],
  [
    'no dev dependency on the kernel',
    { 'packages/plugin/package.json': manifest('plugin', { devDependencies: {} }) },
    '`devDependencies`',
  ],
  [
    'a package that does not exist',
    {
      'packages/plugin/package.json': manifest('plugin', {
        devDependencies: { [kernel]: '^1.2.3', '@latent-image/no': '^1.2.3' },
      }),
    },
    'no such package',
  ],
  ['no description', { 'packages/plugin/package.json': manifest('plugin', { description: '' }) }, '`description`'],
  ['no keyword', { 'packages/plugin/package.json': manifest('plugin', { keywords: [] }) }, '`keywords`'],
  ['a reference that no dependency asks for', { 'packages/kernel/tsconfig.json': tsconfig('plugin') }, '`references`'],
  ['a dependency without its reference', { 'packages/plugin/tsconfig.json': tsconfig() }, '`references`'],
  [
    'a package that the root does not build',
    { 'tsconfig.json': { files: [], references: [] } },
    'tsconfig.json: `references`',
  ],
  ['an import that is not declared', { 'packages/plugin/src/b.ts': "import 'left-pad/x.js'\n" }, 'imports `left-pad`'],
  [
    'a lazy import that is not declared',
    { 'packages/plugin/src/b.ts': "const a = await import('@a/b/c')\n" },
    'imports `@a/b`',
  ],
  [
    'a dependency for tests in the source',
    { 'packages/plugin/src/b.ts': "import { test } from 'vitest'\n" },
    'imports `vitest`',
  ],
  [
    'a dependency that is never imported',
    { 'packages/plugin/package.json': manifest('plugin', { dependencies: { 'left-pad': '1' } }) },
    'never imports it',
  ],
  [
    'an example that could be published',
    { 'examples/one/package.json': { name: 'one', version: '1.2.3', type: 'module' } },
    '`private`',
  ],
])('tells %s', async (_, changes, told) => {
  const { status, stderr } = check(await repositoryWith(changes))
  expect(status).toBe(1)
  expect(stderr).toContain(told)
  expect(stderr).toContain('\n1 problem ')
})

test('mends versions, ranges and references', async () => {
  const root = await repositoryWith({
    'lerna.json': { version: '2.0.0' },
    'tsconfig.json': { files: [], references: [] },
    'packages/plugin/tsconfig.json': {},
    'examples/one/package.json': { name: 'one', dependencies: { [kernel]: '^1.2.3' } },
  })
  expect(check(root, '--write')).toMatchObject({ status: 0 })
  expect(check(root)).toMatchObject({ status: 0, stderr: '' })
  const plugin: unknown = JSON.parse(await readFile(join(root, 'packages/plugin/package.json'), 'utf8'))
  expect(plugin).toMatchObject({ version: '2.0.0', peerDependencies: { [kernel]: '^2.0.0' } })
})
