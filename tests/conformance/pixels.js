// Runs in a page: how many pixels of two PNGs differ. A pixel differs where its colour is further off than `threshold`
// (0 to 255, summed over the channels); what only one of them has differs as well.
async ([first, second, threshold]) => {
  const read = async (data) => {
    const image = await createImageBitmap(await (await fetch(data)).blob())
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d', { willReadFrequently: true })
    context.drawImage(image, 0, 0)
    return context.getImageData(0, 0, image.width, image.height)
  }
  const [a, b] = [await read(first), await read(second)]
  const width = Math.max(a.width, b.width)
  const height = Math.max(a.height, b.height)
  let differ = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x >= a.width || y >= a.height || x >= b.width || y >= b.height) {
        differ++
        continue
      }
      const i = (y * a.width + x) * 4
      const j = (y * b.width + x) * 4
      const off = [0, 1, 2].reduce((sum, channel) => sum + Math.abs(a.data[i + channel] - b.data[j + channel]), 0)
      if (off > threshold) differ++
    }
  }
  return [differ, width * height]
}
