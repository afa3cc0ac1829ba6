const formats = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff']
const otherExtensions: Readonly<Record<string, string>> = { jpg: 'jpeg', jpe: 'jpeg', jfif: 'jpeg', tif: 'tiff' }

/** The output format that the extension of a source's name stands for; `jpeg` where it stands for none. */
export function formatOfName(name: string): string {
  const extension = /\.([a-z]{3,4})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const format = otherExtensions[extension] ?? extension
  return formats.includes(format) ? format : 'jpeg'
}

/** The extension of files in a format, without a dot. */
export function extensionOfFormat(format: string): string {
  return format === 'jpeg' ? 'jpg' : format
}
