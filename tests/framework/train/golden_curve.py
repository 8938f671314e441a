#!/usr/bin/env python3
"""Ten losses of each demo model as PyTorch computes them in double: the truth of golden_curve_test.cpp.

Draws parameters and data as framework/tensor/generator.cpp does. Needs torch and numpy; prints C++ lists.
"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn



def mix(x):
    x = (x + np.uint64(0x9E3779B97F4A7C15))
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


class Generator:
    def __init__(self, seed):
        self.seed, self.offset = np.uint64(seed), np.uint64(0)

    def uniform(self, shape, low, high):
        key = mix(mix(self.seed) + self.offset)
        self.offset += np.uint64(1)
        index = np.arange(np.prod(shape), dtype=np.uint64)
        unit = (mix(key + index) >> np.uint64(40)).astype(np.float32) * np.float32(2**-24)
        low, high = np.float32(low), np.float32(high)
        return torch.tensor((low + (high - low) * unit).reshape(shape)).double()


def kaiming(generator, shape, fan_in):
    bound = np.float32(1) / np.sqrt(np.float32(fan_in))
    return generator.uniform(shape, -bound, bound)


def batch(generator, step, count=16):
    labels = torch.tensor([(7 * i + step) % 10 for i in range(count)])
    images = generator.uniform((count, 1, 28, 28), 0, 1)
    for image, label in zip(images, labels):
        image[0, 2 * label:2 * label + 3] += 1
    return images, labels


def curve(net, make_optimizer):
    generator = Generator(7)
    net = net.double()
    for layer in net:
        for parameter in layer.parameters():
            parameter.data = kaiming(generator, parameter.shape, layer.weight[0].numel())
    optimizer = make_optimizer(net.parameters())
    losses = []
    for step in range(10):
        images, labels = batch(generator, step)
        loss = F.cross_entropy(net(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(f"{loss.item():.6f}")
    return ", ".join(losses)


np.seterr(over="ignore")
print("mlp, sgd: ", curve(
    nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
    lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True, weight_decay=1e-3)))
print("cnn, adamw:", curve(
    nn.Sequential(nn.Conv2d(1, 32, 3), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.MaxPool2d(2),
                  nn.ReLU(), nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10)),
    lambda p: torch.optim.AdamW(p, lr=1e-3, weight_decay=1e-2)))
