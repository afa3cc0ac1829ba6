const formats: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jpe: 'jpeg',
  jfif: 'jpeg',
  png: 'png',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  tif: 'tiff',
  tiff: 'tiff',
}

/** The output format that the extension of a source's name stands for; `jpeg` where it stands for none. */
export function formatOfName(name: string): string {
  return formats[/\.([a-z]{3,4})$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'jpeg'
}

/** The extension of files in a format, without a dot. */
export function extensionOfFormat(format: string): string {
  return format === 'jpeg' ? 'jpg' : format
}
