/** An error as Node's file system throws it, such as `ENOSPC` or `EMFILE`. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as the system says it`), { code })
}
