// Counts texts with Twilio's own calculator: a JSON string a line in, [encoding, segments, bits] a line out.
const readline = require("node:readline");
const { SegmentedMessage } = require("sms-segments-calculator");

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const counted = new SegmentedMessage(JSON.parse(line));
  process.stdout.write(JSON.stringify([counted.encodingName, counted.segmentsCount, counted.messageSize]) + "\n");
});
