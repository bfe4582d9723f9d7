import { test } from "node:test";
import { World } from "../src/world.js";
import { STORIES } from "./stories.js";

for (const [name, story] of Object.entries(STORIES)) {
  test(name, () => World.with(story));
}
