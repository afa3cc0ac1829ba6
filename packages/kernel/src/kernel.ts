/** Under construction. */
export interface Kernel {
  readonly closed: boolean
}
