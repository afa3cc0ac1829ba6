import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'

const statement = /^(?:import|export)\s(?:[^'"`;=(]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

/** Paths of the TypeScript files below a folder, but for what its tests only read. */
export function sourcesIn(directory) {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true })
    .map((name) => join(directory, name).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.includes('/fixtures/'))
}

/** Names of the packages that the files below a folder import; those of Node left out. */
export function importsOf(directory) {
  const names = new Set()
  for (const file of sourcesIn(directory)) {
    for (const [, statically, dynamically] of readFileSync(file, 'utf8').matchAll(statement)) {
      const specifier = statically ?? dynamically
      if (/^[.#]/.test(specifier) || isBuiltin(specifier)) continue
      names.add(specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'))
    }
  }
  return names
}
