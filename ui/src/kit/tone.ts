/** What a colour means: green done, amber look, red wrong, blue told, plain neither. */
export type Tone = "green" | "amber" | "red" | "blue" | "plain";
