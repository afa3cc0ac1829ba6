import { adviceToInstall, type ModuleLoader } from './load-module.ts'
import { type Mistakes, shown } from './mistakes.ts'

/** What resolving needs beside the value. */
export interface Surroundings {
  readonly modules: ModuleLoader
  readonly mistakes: Mistakes
}

/**
 * Imports what a config names: a package, or a file by its relative path.
 *
 * @param advice - What to do if there is none, where that is not to install it or to check the path.
 * @returns The module; `undefined` if there is none or it fails, which then is among the mistakes.
 */
export async function importNamed(
  name: string,
  path: string,
  { modules, mistakes }: Surroundings,
  advice: string = adviceToInstall(name),
): Promise<object | undefined> {
  const location = modules.resolve(name)
  if (location === undefined) {
    mistakes.add(path, `Found ${shown(name)}, expected an installed package or a relative path.`, advice)
    return undefined
  }
  try {
    return await modules.import(location)
  } catch (error) {
    mistakes.add(path, `${shown(name)} could not be imported: ${messageOf(error)}`)
    return undefined
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
