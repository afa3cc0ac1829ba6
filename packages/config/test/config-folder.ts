import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const installed = fileURLToPath(new URL('../../../node_modules', import.meta.url))

/** A folder with these files in it and the repository's packages installed, removed when the test has finished. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'latent-image-config-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await symlink(installed, join(folder, 'node_modules'), 'dir')
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

/** Source of a module whose default export is a plugin factory that taps nothing. */
export const pluginModule = `
export default (options = {}) => {
  if ('wrong' in options) throw new Error('The options of \`test\` are not valid.')
  return { name: 'test', options, apply() {} }
}
`
